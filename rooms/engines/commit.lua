-- The one step that orders a room: repeat? -> epoch and version? -> in time? -> number -> store controls -> publish.
-- Called with an empty epoch it appends nothing and answers with the head.
--
-- KEYS  1 the room, which is also its channel; then one per receipt
-- ARGV  epoch, version, an epoch should the room be new, seconds a room is kept, seconds a receipt is kept,
--       how many entries, the version if this succeeds, the epoch if this succeeds, the sealed commit,
--       the sealed controls or '', until when by this clock somebody waits for the answer;
--       then the index that each receipt stands for
local room = KEYS[1]
local epoch, version, fresh, room_life, receipt_life, count, next_version, next_epoch, sealed, controls, in_time =
  unpack(ARGV, 1, 11)

if #KEYS > 1 then
  local repeated = {'repeated'}
  for index, first in ipairs(redis.call('MGET', unpack(KEYS, 2))) do
    if first then
      repeated[#repeated + 1] = index - 1
      repeated[#repeated + 1] = tonumber(first)
    end
  end
  if #repeated > 1 then
    return repeated
  end
end

local head = redis.call('HMGET', room, 'epoch', 'seq', 'version')
if not (head[1] and head[2] and head[3]) then -- new, or damaged: numbers must never run on from a guess
  redis.call('DEL', room)
  redis.call('HSET', room, 'epoch', fresh, 'seq', '0', 'version', '0')
  redis.call('EXPIRE', room, room_life)
  head = {fresh, '0', '0'}
end
if head[1] ~= epoch or head[3] ~= version then
  return {'conflict', head[1], tonumber(head[2]), tonumber(head[3]), redis.call('HGET', room, 'controls')}
end

-- A server that was frozen finds what was sent to it before. Nobody hears it any more, and whoever sent it sends it again.
local time = redis.call('TIME')
if tonumber(time[1]) + tonumber(time[2]) / 1000000 > tonumber(in_time) then
  return {'late'}
end

local before = tonumber(head[2])
if next_epoch ~= epoch then -- renewed: numbers that stood for something else are never given again
  before = 0
  redis.call('HSET', room, 'epoch', next_epoch)
end
local seq = before + tonumber(count)
if controls == '' then
  redis.call('HSET', room, 'seq', seq)
else
  redis.call('HSET', room, 'seq', seq, 'version', next_version, 'controls', controls)
end
redis.call('EXPIRE', room, room_life)
for index = 2, #KEYS do
  redis.call('SET', KEYS[index], math.min(before + 1 + tonumber(ARGV[10 + index]), seq), 'EX', receipt_life)
end
redis.call('SPUBLISH', room, string.format('commit %s %.0f %s ', next_epoch, seq, next_version) .. sealed)
return {'committed', seq}
