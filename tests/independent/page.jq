# The rules of page.json that a page alone can break, and against page 0, its plan, and the page before: prints the id
# of each that is broken. $n: which page; $skipped: how many before it revoked a signer; $sums: SHA256SUMS by name.
def want(id; holds): if holds then empty else id end;
$zero[0] as $zero | $plan[0] as $plan | $sums[0] as $sums
| $plan.steps[$n - $skipped - 1] as $step
| want("page.form"; .format == "verger-page-1" and (keys - ["aborted", "revoked"]) == ["ceremony", "changed",
    "deviations", "directories", "finished", "format", "inputs", "ledger", "number", "outputs", "people", "previous",
    "rehearsal", "removed", "seals_required", "slug", "started", "station", "title", "unattended", "versions"]),
  want("page.number"; .number == $n and $file == ("\(1000000 + $n)"[1:] + "-\(.slug).tar")),
  want("page.ceremony"; [.ceremony, .rehearsal, .unattended] == ($zero | [.ceremony, .rehearsal, .unattended])),
  want("page.times"; $ended <= .started.utc and .started.utc <= .finished.utc),
  want("chain.previous"; .previous == $last),
  want("page.form"; [.changed[] | {("files/" + .path): .sha256}] | add == ($sums | with_entries(select(.key | startswith("files/"))) | if . == {} then null else . end)),
  want("page.form"; (.ledger.commit != null) == (has("ledger") and ($sums | has("commit"))) and (.ledger.commit != null) == ($n == 0 or .changed != [] or .removed != [])),
  want("ledger.parent"; .ledger.commit != null or .ledger.head == $newest),
  want("page.form"; any(.seals_required[]; .station != null)),
  (.station as $s | want("seal.required"; any(.seals_required[]; .station == $s))),
  want("artefact.outputs"; all(.outputs[]; (.member // .evidence) as $m | $m == null or $sums[$m] == .sha256)),
  (if $n == 0 then
      want("plan.form"; ($plan.format // "verger-plan-1") == "verger-plan-1" and $plan.title == .ceremony.title and $plan.version == .ceremony.version),
      want("page.form"; .slug == "script"),
      want("plan.script"; $sums["script/" + $plan.script.name] == $plan.script.sha256 and all($plan.templates[]; $sums["script/" + .path] == .sha256)
          and ([$sums | keys[] | select(startswith("script/"))] | length) == 1 + ($plan.templates | length)),
      (.people as $p | want("plan.people"; ($p | map(.name) | unique | length) == ($p | length)
          and all($plan.people[]; .role as $r | .count == ([$p[] | select(.role == $r)] | length))))
   elif .revoked then want("page.form"; .slug == "signers" and .changed == [] and .removed == [] and .outputs == [])
   elif .aborted then want("plan.closing"; .slug == "aborted" and .aborted.step == $n - $skipped and $step.station == .station)
   else want("plan.steps"; $step != null and [$step.title, $step.slug, $step.station] == [.title, .slug, .station]),
      want("plan.witnesses"; ([.seals_required[].witnesses // empty] | first) == $step.witnessed_by),
      (.outputs as $o | .deviations as $v | want("plan.made"; $v != [] or all($step.words[]?;
          {generate: "key", request: "request", sign: "certificate", publish: "crl"}[.verb] as $kind | .name as $name
          | $kind == null or any($o[]; .name == $name and .kind == $kind))))
   end)
