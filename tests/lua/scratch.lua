--- A folder for what a suite writes; it goes when the state closes.

local scratch = {}

local function output(command)
  local pipe <close> = assert(io.popen(command))
  return pipe:read "l"
end

scratch.folder = assert(output "mktemp -d")

--- Write a file there; its path.
function scratch.write(name, text)
  local path = scratch.folder .. "/" .. name
  local file <close> = assert(io.open(path, "wb"))
  assert(file:write(text))
  return path
end

setmetatable(scratch, { __gc = function() os.execute("rm -rf " .. scratch.folder) end })

return scratch
