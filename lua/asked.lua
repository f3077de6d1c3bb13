--- The names that a request asks for, as step hands them to a template.

local host = require "host"

local asked = {}

--- What step takes a name for: an address, a URI, an email address, and otherwise a DNS name.
local function kind_of(name)
  if host.config.is_address(name) then return "ip" end
  if name:find "^%a[%w+.-]*:" then return "uri" end
  return name:find("@", 1, true) and "email" or "dns"
end

--- .SANs of plain names, in the order in which step sorts them by kind.
function asked.sans(names)
  local sans = {}
  for _, kind in ipairs { "dns", "ip", "email", "uri" } do
    for _, name in ipairs(names) do
      if kind_of(name) == kind then sans[#sans + 1] = { type = kind, value = name } end
    end
  end
  return sans
end

--- The names of a request (request.json), as `step certificate sign` hands them on.
function asked.names(request)
  local names = {}
  for _, member in ipairs { "DNSNames", "EmailAddresses", "IPAddresses", "URIs" } do
    for _, name in ipairs(request[member] or {}) do names[#names + 1] = name end
  end
  return names
end

return asked
