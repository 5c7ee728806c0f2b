-- A node breathes: it says so by the clock of the server, the only one that all nodes share.
--
-- KEYS  1 the nodes
-- ARGV  this node, seconds a node lives on one breath
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[2]))
redis.call('ZADD', KEYS[1], string.format('%.6f', now), ARGV[1])
redis.call('EXPIRE', KEYS[1], 86400)
return {time[1], time[2], redis.call('ZRANGE', KEYS[1], 0, -1)}
