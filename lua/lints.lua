--- Lint: what comes in, and what is to be signed, is held to the rules one by one before a key is used. The people are
--- told what was found, the page keeps all of it (lintreport.h), and an error that the script does not waive ends the
--- step.

local host = require "host"

local lints = {}

--- By whose yardstick a ceremony is judged.
function lints.profile(plan) return plan.profile or host.lint.profiles()[1] end

--- Set aside a rule for what follows in this step: {because, by, role}.
function lints.waive(scene, rule, waiver)
  scene.waivers = scene.waivers or {}
  scene.waivers[rule] = waiver
end

local function counted(count, noun)
  if count == 0 then return "no " .. noun end
  return ("%d %s%s"):format(count, noun, count == 1 and "" or "s")
end

local function source_of(found) return found.clause ~= "" and found.clause or "verger's own" end

--- All errors and warnings by name; of the rest how many there are.
local function tell(scene, name, result)
  local counts = { error = 0, warning = 0, notice = 0 }
  for _, found in ipairs(result.found) do counts[found.severity] = counts[found.severity] + 1 end
  scene:say("Lint of the %s (%s): %s, %s, %s; %d rules passed, %d do not apply, %d not checked.", name,
    result.profile, counted(counts.error, "error"), counted(counts.warning, "warning"),
    counted(counts.notice, "notice"), #result.passed, #result.not_applicable, #result.not_checked)
  for _, found in ipairs(result.found) do
    if found.severity ~= "notice" then
      scene:say("    %s %s (%s): %s", found.severity, found.rule, source_of(found), found.text)
    end
  end
end

--- What the script waives is a deviation of the page, in the name of who waived it.
local function waived(scene, name, found, waiver)
  waiver.used = true
  scene:say("    %s is waived by %s (%s): %s", found.rule, waiver.by, waiver.role, waiver.because)
  scene.page:deviation { rule = "lint." .. found.rule, expected = ("no finding of %s (%s)"):format(found.rule,
    source_of(found)), happened = ("%s: %s"):format(name, found.text), decided = "waived: " .. waiver.because,
    by = waiver.by }
  return { rule = found.rule, because = waiver.because, by = waiver.by, role = waiver.role }
end

local function refuse(scene, name, errors)
  local first = errors[1]
  scene:stop('lint: the %s breaks %s (%s): %s%s. Nothing was done with it. To go on all the same is for the script to '
    .. 'say, in this step and before this word: waive "%s" { because = "...", by = "administrator" }', name, first.rule,
    source_of(first), first.text, #errors > 1 and (" (and %d more errors, above)"):format(#errors - 1) or "",
    first.rule)
end

--- Judge what came of a lint (draft:lint, host.lint.list, host.lint.received) and put it on the page as
--- evidence/lint-NAME.json. Once a step for each name. A replay leaves it to verify.
function lints.judge(scene, name, result)
  scene.linted = scene.linted or {}
  if scene.linted[name] or scene.replayed then return end
  scene.linted[name] = true
  tell(scene, name, result)
  local errors, allowed = {}, {}
  for _, found in ipairs(result.found) do
    local waiver = scene.waivers and scene.waivers[found.rule]
    if waiver then
      allowed[#allowed + 1] = waived(scene, name, found, waiver)
    elseif found.severity == "error" then
      errors[#errors + 1] = found
    end
  end
  if #errors > 0 then refuse(scene, name, errors) end
  result.name, result.waived = name, host.json.array(allowed)
  scene:evidence(("lint-%s.json"):format(scene.slug(name)), host.json.encode(result))
end

--- The same of what came in: an artefact with its content. `beside`: {issuer, request} as PEM, where they are known.
function lints.received(scene, artefact, beside)
  beside = beside or {}
  lints.judge(scene, artefact.name, host.lint.received { text = artefact.content, what = artefact.name,
    profile = lints.profile(scene.plan), issuer = beside.issuer, request = beside.request })
end

--- At the end of a step: a waiver that nothing needed is said.
function lints.close(scene)
  local unused = {}
  for rule, waiver in pairs(scene.waivers or {}) do
    if not waiver.used then unused[#unused + 1] = rule end
  end
  table.sort(unused)
  for _, rule in ipairs(unused) do
    scene:say("The waiver of %s waived nothing: no finding of that rule came up in this step.", rule)
  end
end

return lints
