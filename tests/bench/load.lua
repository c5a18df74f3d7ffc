-- A fixed request, sent a fixed number of times; every answer must contain a given text.
-- wrk ... -s load.lua URL -- METHOD CALLS EXPECTED BODY_FILE "name: value"...
local ffi = require("ffi")
ffi.cdef("int getpid(void); int kill(int pid, int signal);")
local INTERRUPT = 2

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  wrk.method = arguments[1]
  left = tonumber(arguments[2])
  expected = arguments[3]
  unexpected = 0
  if arguments[4] ~= "-" then
    wrk.body = assert(io.open(arguments[4])):read("*a")
  end
  for at = 5, #arguments do
    local name, value = arguments[at]:match("^([^:]+): (.*)$")
    wrk.headers[name] = value
  end
  local fixed = wrk.format()
  request = function() return fixed end
end

function response(_, _, body)
  if not body:find(expected, 1, true) then
    unexpected = unexpected + 1
  end
  left = left - 1
  if left == 0 then
    wrk.thread:stop()
    ffi.C.kill(ffi.C.getpid(), INTERRUPT) -- wakes wrk, which would sleep until its time is up
  end
end

function done(summary, latency, _)
  local faults = {string.format('"unexpected": %d', threads[1]:get("unexpected"))}
  for kind, count in pairs(summary.errors) do
    table.insert(faults, string.format('"%s": %d', kind, count))
  end
  io.write(string.format(
    '\n{"calls": %d, "seconds": %f, "p50_ms": %f, "p99_ms": %f, "faults": {%s}}\n',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, table.concat(faults, ", ")))
end
