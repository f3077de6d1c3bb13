--- TAP for suites: `tap.test(name, function)` runs a test at once, `tap.done()` stands at the end of the file.

local tap = {}

local count, failed = 0, 0

local function shown(value)
  if type(value) == "string" then return ("%q"):format(value) end
  return tostring(value)
end

--- Run one test; what it raises is its failure.
function tap.test(name, body)
  count = count + 1
  local fine, problem = xpcall(body, function(raised)
    if type(raised) == "table" then raised = raised.message or raised.stop or raised.text or "a table was raised" end
    return debug and debug.traceback(tostring(raised), 2) or tostring(raised)
  end)
  print(("%s %d - %s"):format(fine and "ok" or "not ok", count, name))
  if not fine then
    failed = failed + 1
    print("# " .. tostring(problem):gsub("\n", "\n# "))
  end
end

function tap.equal(got, expected, what)
  if got ~= expected then
    error(("%sgot %s, expected %s"):format(what and what .. ": " or "", shown(got), shown(expected)), 2)
  end
end

--- Two tables with equal members, all the way down.
function tap.same(got, expected, what)
  what = what or "value"
  if type(got) ~= "table" or type(expected) ~= "table" then return tap.equal(got, expected, what) end
  for key, value in pairs(expected) do tap.same(got[key], value, what .. "." .. tostring(key)) end
  for key in pairs(got) do
    if expected[key] == nil then error(("%s.%s is not expected"):format(what, tostring(key)), 2) end
  end
end

--- `body` raises, and the text has `words` in it (plain).
function tap.raises(words, body, ...)
  local fine, raised = pcall(body, ...)
  if fine then error(("nothing was raised; expected %s"):format(shown(words)), 2) end
  if type(raised) == "table" then raised = raised.message or raised.stop or raised.text end
  if not tostring(raised):find(words, 1, true) then
    error(("raised %s, expected %s"):format(shown(raised), shown(words)), 2)
  end
end

--- Whole content of a file; paths are relative to the repository's root.
function tap.read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

--- The plan, and a failing exit where something failed.
function tap.done()
  print("1.." .. count)
  if failed > 0 then os.exit(false, true) end
end

return tap
