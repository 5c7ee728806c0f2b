-- A node tells again which seats it holds, unless the room is over: it must not come back by its seats.
--
-- KEYS  1 the room, 2 its seats
-- ARGV  the node, its sealed seats, seconds a room is kept
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
  redis.call('EXPIRE', KEYS[2], ARGV[3])
end
return 'told'
