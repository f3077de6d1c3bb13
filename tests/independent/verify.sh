#!/bin/sh
# Judge a record without verger, from verger-record(5) alone. SIGNERS is a PEM file or a folder of *.crt from elsewhere,
# HEAD the hex digits on the paper. Says what does not hold, by the ids of that page, and looks neither at canonical DER
# nor at how the ledger's objects are packed. Exit 0 holds, 1 does not, 2 misused, 3 consistent but not authenticated.
set -u && export LC_ALL=C GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_NO_REPLACE_OBJECTS=1
case $# in 1 | 2 | 3) ;; *) echo "verify.sh RECORD [SIGNERS [HEAD]]" >&2; exit 2 ;; esac
signers=${2:+$(realpath -- "$2")} paper=${3:-} here=$(realpath -- "$(dirname -- "$0")")
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT && mkdir "$work/enrolled" "$work/revoked" "$work/made" || exit 2
cd -- "$1" || exit 2
page=record bad=0
no() { bad=1 && printf '%s: %s\n' "$page" "$1"; } # $1: the id of what does not hold, and words
subject() { openssl x509 -in "$2" -noout -subject -nameopt multiline,utf8,-esc_msb | sed -n "s/^ *$1 *= //p"; }
verified() { c1=$1 && shift && openssl "$c1" -no-CApath -no-CAstore "$@" >/dev/null 2>&1; }
der() { openssl x509 -in "$1" -outform DER 2>/dev/null | sha256sum | cut -c 1-64; }
ledger() { git -c safe.directory='*' --git-dir=ledger.git -c gpg.ssh.program=ssh-keygen -c gpg.ssh.allowedSignersFile="$work/allowed" "$@"; }

# ---- nothing is opened before all names are known ----
name='[0-9]{6}-[a-z0-9-]{1,60}\.tar' label='[a-z0-9-]{1,60}'
foreign=$(find . -regextype posix-extended ! \( -type d -regex "\.(/signers|/times|/\.staging(/.*)?|/ledger\.git(/refs(/heads)?|/objects(/[0-9a-f]{2})?)?)?" \
    -o -type f -regex "\./($name(\.$label\.p7s)?|times/$name\.tsr|signers/($label\.crt|allowed_signers)|\.staging/.*|ledger\.git/(HEAD|config|refs/heads/main|objects/[0-9a-f]{2}/[0-9a-f]{38}))" \))
[ -d .staging ] || for s in *.p7s; do [ -e "${s%.tar.*}.tar" ] || foreign=$s; done
[ -z "$foreign" ] && [ -d signers ] && [ -d ledger.git ] || { no "record.layout: $(printf '%s' "$foreign" | tr -dc 'A-Za-z0-9._/\n-' | head -n 1)"; exit 1; }
printf 'ref: refs/heads/main\n[core]\n\trepositoryformatversion = 0\n\tfilemode = false\n\tbare = true\n' >"$work/config"
cat ledger.git/HEAD ledger.git/config | cmp -s - "$work/config" || { no ledger.config; exit 1; } # git does what it says

# ---- one page ----
unpack() { # no links, no other owners, no names that lead outside: only then to the disk
    tar --numeric-owner -tvf "$page" >"$work/list" 2>/dev/null && tar -tf "$page" >"$work/names" 2>/dev/null || return
    ! grep -qv '^-rw-r--r-- 0/0 ' "$work/list" && ! grep -qE '(^|/)\.{0,2}(/|$)|[^A-Za-z0-9._/-]' "$work/names" || return
    [ "$(sort "$work/names" | uniq -d)" = "" ] && mkdir "$d" && tar -xf "$page" -C "$d" --no-same-owner
}
canonical() { # GNU tar from 1.35 on writes no device numbers, and cannot make the same bytes
    jq -cS . "$d/page.json" | cmp -s - "$d/page.json" || return
    case $(tar --version | head -n 1) in *" 1.3"[0-4]) ;; *) return 0 ;; esac
    tar -C "$d" --format=ustar --owner=0 --group=0 --numeric-owner --mode=0644 --mtime="$finished" -cf "$work/again" -T "$work/names" &&
        cmp -s "$work/again" "$page"
}
enrol() { # $1: an enrolled certificate
    s=$(basename "$1" .crt) && cp "$1" "$work/enrolled/" || return
    [ "$(subject organizationalUnitName "$1")" = witness ] ||
        echo "$s namespaces=\"git\" $(openssl x509 -in "$1" -noout -pubkey | ssh-keygen -i -m PKCS8 -f /dev/stdin)" >>"$work/allowed"
}
seal() { # $1: a seal beside the page
    s=${1#"$page".} && s=${s%.p7s} && c=$work/enrolled/$s.crt
    [ -f "$c" ] || { no "seal.signer: $s"; return; }
    [ ! -e "$work/revoked/$s" ] || { no "signers.revoked: $s"; return; }
    at=$(openssl cms -cmsout -print -inform DER -in "$1" 2>/dev/null | sed -n '/object: signingTime/,/TIME:/s/^ *[A-Z]*TIME://p') && at=$(date -u -d "$at" +%s)
    verified cms -verify -binary -inform DER -in "$1" -content "$page" -nointern -certfile "$c" -CAfile "$c" -attime "$at" || { no "seal.signature: $s"; return; }
    openssl cms -cmsout -inform DER -in "$1" -certsout "$work/in" >/dev/null 2>&1 && [ "$(der "$work/in")" = "$(der "$c")" ] || no "seal.signer: $s"
    unit=$(subject organizationalUnitName "$c") && who=$(subject commonName "$c") && der "$c" >>"$work/sealed"
    if [ "$unit" = witness ]; then
        [ "$at" -ge "$then" ] && jq -e --arg n "$who" 'all(.people[]; .role != "operator" or .name != $n)' "$d/page.json" >/dev/null || no "seal.witness: $s"
        jq -e --arg n "$who" 'any(.people[]; .name == $n and (.role | test("^witness(es)?$")))' "$d/page.json" >/dev/null && echo "$who" >>"$d.witnesses"
    else
        [ "$unit" = "station $station" ] && echo "$s" >"$d.seal" || no "seal.station: $s"
        [ "$at" -eq "$then" ] || no "seal.time: $s"
    fi
    jq -e --arg s "$s" --arg u "$unit" 'any(.seals_required[]; .station != null and $u == "station \(.station)" or .witness == $s)' "$d/page.json" >/dev/null && echo x >>"$d.required"
}
commit() { # the page's commit says what the page says
    id=$(jq -r .ledger.commit "$d/page.json")
    ledger cat-file commit "$id" 2>/dev/null | cmp -s - "$d/commit" || no ledger.objects
    jq -r '.ledger | .parent // "none"' "$d/page.json" | grep -qx "$newest" || no ledger.parent
    [ "$newest" = none ] && ! grep -q '^parent ' "$d/commit" || grep -qx "parent $newest" "$d/commit" || no ledger.parent
    jq -r '.removed[].path' "$d/page.json" | GIT_INDEX_FILE=$work/index git --git-dir="$work/git" --work-tree="$work" update-index --force-remove --stdin
    grep '^files/' "$work/names" | while read -r f; do printf '100644 %s\t%s\n' "$(git --git-dir="$work/git" hash-object -w "$d/$f")" "${f#files/}"; done |
        GIT_INDEX_FILE=$work/index git --git-dir="$work/git" update-index --add --index-info
    [ "tree $(GIT_INDEX_FILE=$work/index git --git-dir="$work/git" write-tree)" = "$(head -n 1 "$d/commit")" ] || no ledger.tree
    jq -r '[.title, "", "Ceremony: \(.ceremony.id)", "Page: \(.number)", "Station: \(.station)", (.people[] | select(.role == "operator") | "Operator: \(.name)"),
        (.people[] | select(.role | test("^witness(es)?$")) | "Witnessed-by: \(.name)"), "Rehearsal: \(.rehearsal)", "Previous-Page-SHA256: \(.previous)"][]' "$d/page.json" >"$work/message"
    sed '1,/^$/d' "$d/commit" | cmp -s - "$work/message" || no ledger.trailers
    ledger verify-commit "$id" 2>&1 | grep -q "^Good \"git\" signature for $(cat "$d.seal" 2>/dev/null) with " || no ledger.signature
    newest=$id && echo "$id" >>"$work/commits"
}
made() { # what the page made, by openssl
    jq -r '.outputs[] | select(.member != null) | [.kind, .member, .spki_sha256 // "-", .certificate_sha256 // "-"] | @tsv' "$d/page.json" >"$work/outputs"
    while IFS="$(printf '\t')" read -r kind member spki whole; do
        f=$d/$member
        case $kind in
        certificate)
            [ "$whole" = - ] || [ "$(der "$f")" = "$whole" ] || no "artefact.outputs: $member"
            [ "$spki" = - ] || [ "$(openssl x509 -in "$f" -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum | cut -c 1-64)" = "$spki" ] || no "artefact.outputs: $member"
            openssl x509 -in "$f" -noout 2>/dev/null || continue
            [ "$(openssl x509 -in "$f" -noout -subject_hash)" != "$(openssl x509 -in "$f" -noout -issuer_hash)" ] || cat "$f" >>"$work/roots"
            cat "$f" >>"$work/authorities"
            verified verify -no_check_time -CAfile "$work/roots" -untrusted "$work/authorities" "$f" || no "artefact.intermediate: $member" ;;
        request) openssl req -in "$f" -noout -verify >/dev/null 2>&1 || no "artefact.outputs: $member" ;;
        crl) openssl crl -inform DER -in "$f" -noout -CAfile "$work/authorities" -no-CApath -no-CAstore 2>&1 | grep -q 'verify OK' || no "artefact.crl: $member" ;;
        esac
    done <"$work/outputs"
}
register() { # each line names the one before it of the same key
    : >"$work/last"
    while IFS= read -r line; do
        key=$(printf '%s' "$line" | jq -r .issuer_spki) before=$(sed -n "s/^$key //p" "$work/last" | tail -n 1)
        [ "$(printf '%s' "$line" | jq -r .previous)" = "${before:-$(printf %064d 0)}" ] || no register.chain
        printf '%s %s\n' "$key" "$(printf '%s\n' "$line" | sha256sum | cut -c 1-64)" >>"$work/last"
    done <"$d/evidence/register.jsonl"
    jq -se 'map(select(.serial)) | group_by([.issuer_spki, .serial]) | all(.[]; map(.tbs_sha256) | unique | length == 1)' "$d/evidence/register.jsonl" >/dev/null || no register.serial
    jq -se 'map(select(.number)) | group_by(.issuer_spki) | all(.[]; map(.number) | . == sort)' "$d/evidence/register.jsonl" >/dev/null || no register.number
}

# ---- all of them ----
n=0 last=$(printf %064d 0) newest=none ended=0000 signerspages=0 waiting=''
git init -q --bare "$work/git" && : >"$work/allowed" && : >"$work/roots" && : >"$work/sealed" && : >"$work/commits"
for page in [0-9]*.tar; do
    [ -f "$page" ] || { page=record && no page.number; break; }
    d=$work/made/$n
    unpack || { no page.form && break; }
    jq -e . "$d/page.json" >"$work/json" 2>&1 || { no page.form && break; }
    finished=$(jq -r .finished.utc "$d/page.json") && then=$(date -u -d "$finished" +%s) && station=$(jq -r .station "$d/page.json")
    canonical || no page.canonical
    (cd "$d" && sha256sum -c --strict --quiet SHA256SUMS >/dev/null 2>&1 && cut -c 67- SHA256SUMS) | cmp -s - "$(grep -vx SHA256SUMS "$work/names" >"$work/rest"; echo "$work/rest")" || no page.sums
    jq -Rn '[inputs | {(.[66:]): .[:64]}] | add' "$d/SHA256SUMS" >"$work/sums.json"
    [ "$n" -gt 0 ] || { cp "$d/page.json" "$work/zero.json" && cp "$d/evidence/plan.json" "$work/plan.json"; } 2>/dev/null || { no page.form && break; }
    jq -r --argjson n "$n" --argjson skipped "$signerspages" --arg file "$page" --arg last "$last" --arg ended "$ended" --arg newest "$newest" --slurpfile zero "$work/zero.json" \
        --slurpfile plan "$work/plan.json" --slurpfile sums "$work/sums.json" -f "$here/page.jq" "$d/page.json" >"$work/broken" 2>&1 || no page.form
    while read -r id; do no "$id"; done <"$work/broken"
    ! grep -rq -e '-----BEGIN [A-Z ]*PRIVATE KEY' "$d" || no secret.none
    jq -r '.revoked | select(.reason != "ended") | .label' "$d/page.json" | while read -r s; do : >"$work/revoked/$s"; done
    [ "$n" -gt 0 ] || for c in "$d"/evidence/signers/*.crt; do enrol "$c"; done
    for s in "$page".*.p7s; do [ ! -f "$s" ] || seal "$s"; done
    [ "$(cat "$d.required" 2>/dev/null | wc -l)" -ge "$(jq '[.seals_required[] | select(.station or .witness)] | length' "$d/page.json")" ] || no seal.required
    [ -z "$waiting" ] || jq -e '.revoked or .aborted' "$d/page.json" >/dev/null || no "seal.witnesses: of $waiting"
    jq -e .revoked "$d/page.json" >/dev/null || waiting=''
    [ "$(sort -u "$d.witnesses" 2>/dev/null | wc -l)" -ge "$(jq '[.seals_required[].witnesses // 0] | add' "$d/page.json")" ] || waiting=$page
    if jq -e .revoked "$d/page.json" >/dev/null; then
        signerspages=$((signerspages + 1)) && : >"$work/revoked/$(jq -r .revoked.label "$d/page.json")"
        for c in "$d"/evidence/signers/*.crt; do [ ! -f "$c" ] || enrol "$c"; done
    fi
    [ ! -f "$d/commit" ] || commit
    made
    [ ! -f "$d/evidence/register.jsonl" ] || register
    last=$(sha256sum <"$page" | cut -c 1-64) && ended=$finished && n=$((n + 1))
done
page=record # and the folder around the pages
diff -r "$work/enrolled" signers --exclude=allowed_signers >/dev/null && cmp -s "$work/allowed" signers/allowed_signers || no signers.folder
[ "$(cat ledger.git/refs/heads/main)" = "$newest" ] || no ledger.reference
[ "$(ledger rev-list --reverse main 2>/dev/null)" = "$(cat "$work/commits")" ] && ledger fsck --strict --no-dangling >/dev/null 2>&1 || no ledger.objects
[ "$(ledger rev-list --objects main 2>/dev/null | wc -l)" -eq "$(find ledger.git/objects -type f | wc -l)" ] || no ledger.objects
[ -z "$paper" ] || [ "$(printf %s "$paper" | tr -d ' \n')" = "$last" ] || no head.anchor
if [ -n "$signers" ]; then
    if [ -d "$signers" ]; then cat "$signers"/*.crt; else cat "$signers"; fi | awk -v f="$work/anchor" '/BEGIN CERT/ {n++} n {print > (f n)}'
    for c in "$work"/anchor*; do [ ! -f "$c" ] || der "$c"; done | sort -u >"$work/known"
    [ -s "$work/sealed" ] && [ -z "$(sort -u "$work/sealed" | comm -23 - "$work/known")" ] || no signers.anchor
fi
[ "$bad" -eq 0 ] || { echo "does not hold" && exit 1; }
echo "head: $last${waiting:+ ($waiting waits for its witnesses)}"
[ -n "$signers$paper" ] && echo "holds" || { echo "consistent, not authenticated" && exit 3; }
