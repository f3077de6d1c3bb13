-- All functions that a template can call, and why the others that step knows are refused.
local call = require "template_call"
local date = require "template_date"

local functions = {}

local declared = {}

-- sprig replaces text/template's own slice; step's functions come last, as there.
local MODULES = {
  require "template_builtin", require "template_string", require "template_list", require "template_dict",
  require "template_math", require "template_kind", require "template_match", require "template_asn1", date.functions,
}
for _, module in ipairs(MODULES) do
  for name, declaration in pairs(module) do declared[name] = call.declare(name, declaration) end
end
date.declare_methods(call.declare)

local WHY = {
  random = "its result is random, and a ceremony must be repeatable",
  keys = "it makes or uses secrets, and a template is text",
  world = "it asks the machine or the network, and a template sees only its data",
  digest = "digests are not spoken in templates here; give the value ready made with --set",
  unspoken = "it is not spoken here; give the value ready made with --set",
}

local REFUSED = {
  random = "randAlphaNum randAlpha randAscii randNumeric randBytes randInt uuidv4 shuffle",
  keys = "bcrypt htpasswd genPrivateKey derivePassword buildCustomCert genCA genCAWithKey genSelfSignedCert "
    .. "genSelfSignedCertWithKey genSignedCert genSignedCertWithKey encryptAES decryptAES",
  world = "env expandenv getHostByName",
  digest = "sha1sum sha256sum sha512sum",
  unspoken = "call abbrevboth snakecase camelcase kebabcase wrap wrapWith semver semverCompare urlParse urlJoin "
    .. "dir clean osBase osDir osClean osExt osIsAbs cel",
}

local refusals = {}
for reason, names in pairs(REFUSED) do
  for name in string.gmatch(names, "%S+") do refusals[name] = WHY[reason] end
end

-- By name: { name, params, result, fn, ... }.
functions.declared = declared

-- Is it known, and if it is refused, why?
function functions.known(name)
  return declared[name] ~= nil, refusals[name]
end

return functions
