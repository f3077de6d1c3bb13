#!/usr/bin/env bash
# shellcheck disable=SC2046,SC2010 # a peer, as it was given
# Baseline: the intermediate-CA ceremony of the seed page with stock tools only.
# usage: ceremony.sh WORKDIR   env: FX=fixtures dir, PREGEN=1 use a pregenerated RSA-3072 key (measure without keygen)
set -Eeuo pipefail
export LC_ALL=C TZ=UTC
umask 077
W=${1:?workdir}; FX=${FX:-$(dirname "$(readlink -f "$0")")/fx}
die(){ echo "ceremony: $*" >&2; exit 1; }
trap 'echo "ceremony: failed in step ${STEP:-?} line $LINENO" >&2' ERR
for t in openssl git tar sha256sum jq ssh-keygen; do command -v $t >/dev/null || die "missing $t"; done
[ -e "$W" ] && die "$W exists"
mkdir -p "$W"/{step/certs,step/secrets,step/config,step/db,archives,rootca/newcerts,intca/newcerts}
W=$(readlink -f "$W"); cd "$W"
P=$W/step; A=$W/archives; EPOCH=${SOURCE_DATE_EPOCH:-$(date +%s)}; PREV=$(printf '0%.0s' {1..64}); N=0
git init -q -b main audit
G(){ git -C "$W/audit" -c user.name="Ceremony Operator" -c user.email=operator@example.com -c gpg.format=ssh -c user.signingkey="$FX/op_ssh" -c commit.gpgsign=true -c core.hooksPath=/dev/null -c gc.auto=0 "$@"; }
begin(){ N=$((N+1)); STEP=$(printf '%05d-%s' $N "$1"); S=$W/stage/$STEP; mkdir -p "$S"; T=$S/transcript.txt; echo "# step $STEP" > "$T"; }
run(){ printf '$' >> "$T"; printf ' %q' "$@" >> "$T"; echo >> "$T"; "$@" >> "$T" 2>&1 || die "step $STEP: command failed: $* (see $T)"; }
keep(){ local f; for f in "$@"; do case $f in *secrets*) die "refusing to archive a secret: $f";; esac; install -m 644 "$f" "$S/$(basename "$f")"; done; }
finish(){ # manifest -> tar -> CMS signature -> commit
  echo "$PREV" > "$S/previous-archive.sha256"; git -C "$W/audit" rev-parse -q --verify HEAD > "$S/config-commit.txt" || echo none > "$S/config-commit.txt"
  (cd "$S"; find . -type f ! -name manifest.sha256 -printf '%P\n' | sort | xargs -d '\n' sha256sum > manifest.sha256)
  tar --format=ustar --sort=name --mtime=@"$EPOCH" --owner=0 --group=0 --numeric-owner --mode=u=rw,go=r -C "$S" -cf "$A/$STEP.tar" $(cd "$S"; find . -type f -printf '%P\n' | sort)
  openssl cms -sign -binary -md sha256 -signer "$FX/op.crt" -inkey "$FX/op.key" -in "$A/$STEP.tar" -outform DER -out "$A/$STEP.tar.p7s"
  openssl cms -verify -binary -inform DER -in "$A/$STEP.tar.p7s" -content "$A/$STEP.tar" -CAfile "$FX/op.crt" -out /dev/null 2>/dev/null || die "self-check of $STEP signature"
  PREV=$(sha256sum "$A/$STEP.tar"); PREV=${PREV%% *}
  mkdir -p audit/config audit/certs; cp -f "$P"/config/* audit/config/ 2>/dev/null || :; cp -f "$P"/certs/* audit/certs/ 2>/dev/null || :
  for f in audit/certs/* audit/config/*; do [ -e "$P/${f#audit/}" ] || rm -f "$f"; done
  echo "$PREV  $STEP.tar" >> audit/archives.sha256
  G add -A . ; G commit -q -m "ceremony: $STEP" -m "Archive-SHA256: $PREV"
  sync -f "$A/$STEP.tar.p7s"
}
cat > rootca.cnf <<C
[ca]
default_ca=d
[d]
dir=$W/rootca
database=$W/rootca/index.txt
new_certs_dir=$W/rootca/newcerts
serial=$W/rootca/serial
crlnumber=$W/rootca/crlnumber
certificate=$FX/root.crt
private_key=$FX/root.key
default_md=sha256
default_days=3652
default_crl_days=180
policy=p
unique_subject=no
crl_extensions=ce
copy_extensions=none
[p]
organizationName=optional
commonName=supplied
[ce]
authorityKeyIdentifier=keyid:always
[int]
basicConstraints=critical,CA:true,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid:always
crlDistributionPoints=URI:http://ca.example.com/crl
C
sed "s#$W/rootca#$W/intca#g;s#$FX/root.crt#$P/certs/intermediate_ca.crt#;s#$FX/root.key#$P/secrets/intermediate_ca_key#" rootca.cnf > intca.cnf
for d in rootca intca; do : > $d/index.txt; openssl rand -hex 16 > $d/serial; echo 01 > $d/crlnumber; done
# 1 init (boilerplate like `step ca init`)
begin init
run openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -passout file:"$FX/int.pw" -keyout "$P/secrets/root_ca_key" -out "$P/certs/root_ca.crt" -days 3650 -subj "/O=Example Intermediate CA/CN=Example Intermediate CA Root CA"
run openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -passout file:"$FX/int.pw" -keyout "$P/secrets/intermediate_ca_key" -out "$W/bp.csr" -subj "/O=Example Intermediate CA/CN=Example Intermediate CA Intermediate CA"
run openssl x509 -req -in "$W/bp.csr" -CA "$P/certs/root_ca.crt" -CAkey "$P/secrets/root_ca_key" -passin file:"$FX/int.pw" -days 3650 -out "$P/certs/intermediate_ca.crt"
jq -n --arg p "$P" '{root:($p+"/certs/root_ca.crt"),crt:($p+"/certs/intermediate_ca.crt"),key:($p+"/secrets/intermediate_ca_key"),address:":443",dnsNames:["ca.example.com"],logger:{format:"text"},db:{type:"badgerv2",dataSource:($p+"/db")},authority:{provisioners:[{type:"JWK",name:"admin@example.com"}]},tls:{minVersion:1.2,maxVersion:1.3,renegotiation:false}}' > "$P/config/ca.json"
keep "$P/certs/root_ca.crt" "$P/certs/intermediate_ca.crt" "$P/config/ca.json"; finish
# 2 purge
begin purge
run rm -v "$P"/certs/root_ca.crt "$P"/certs/intermediate_ca.crt "$P"/secrets/root_ca_key "$P"/secrets/intermediate_ca_key
[ -z "$(ls -A "$P/certs" "$P/secrets" | grep -v ':$' | grep .)" ] || die "purge left files"; finish
# 3 import root (certificate only)
begin import-root
run openssl verify -x509_strict -CAfile "$FX/root.crt" "$FX/root.crt"; grep -q 'PRIVATE KEY' "$FX/root.crt" && die "root file holds a private key"
openssl x509 -in "$FX/root.crt" -noout -ext basicConstraints 2>/dev/null | grep -q CA:TRUE || die "not a CA"
install -m 644 "$FX/root.crt" "$P/certs/root_ca.crt"; run openssl x509 -in "$P/certs/root_ca.crt" -noout -subject -serial -dates -fingerprint -sha256; keep "$P/certs/root_ca.crt"; finish
# 4 key + CSR
begin csr
if [ -n "${PREGEN:-}" ]; then install -m 600 "$FX/pregen_int.key" "$P/secrets/intermediate_ca_key"; else run openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -aes-256-cbc -pass file:"$FX/int.pw" -out "$P/secrets/intermediate_ca_key"; fi
run openssl req -new -sha256 -key "$P/secrets/intermediate_ca_key" -passin file:"$FX/int.pw" -subj "/O=Example/CN=Example Intermediate CA" -out "$W/intermediate_ca.csr"
run openssl req -in "$W/intermediate_ca.csr" -noout -verify -text; keep "$W/intermediate_ca.csr"; finish
# 5 sign on the root
begin sign
run openssl ca -batch -notext -config rootca.cnf -extensions int -startdate "$(date -u -d @"$EPOCH" +%Y%m%d%H%M%SZ)" -enddate "$(date -u -d @$((EPOCH+87660*3600)) +%Y%m%d%H%M%SZ)" -passin file:"$FX/root.pw" -in "$W/intermediate_ca.csr" -out "$W/intermediate_ca.crt"
keep "$W/intermediate_ca.crt" rootca/index.txt; finish
# 6 install
begin install
run openssl verify -x509_strict -CAfile "$P/certs/root_ca.crt" "$W/intermediate_ca.crt"
a=$(openssl x509 -in "$W/intermediate_ca.crt" -noout -pubkey | sha256sum); b=$(openssl pkey -in "$P/secrets/intermediate_ca_key" -passin file:"$FX/int.pw" -pubout | sha256sum); [ "$a" = "$b" ] || die "certificate does not match key"
install -m 644 "$W/intermediate_ca.crt" "$P/certs/intermediate_ca.crt"; run openssl x509 -in "$P/certs/intermediate_ca.crt" -noout -text; keep "$P/certs/intermediate_ca.crt"; finish
# 7 CRLs
begin crl
run openssl ca -gencrl -config rootca.cnf -passin file:"$FX/root.pw" -out "$W/root.crl"
run openssl ca -gencrl -config intca.cnf -passin file:"$FX/int.pw" -out "$W/intermediate.crl"
run openssl crl -in "$W/root.crl" -CAfile "$P/certs/root_ca.crt" -noout -verify; run openssl crl -in "$W/intermediate.crl" -CAfile "$P/certs/intermediate_ca.crt" -noout -verify
run openssl verify -crl_check -CAfile "$P/certs/root_ca.crt" -CRLfile "$W/root.crl" "$P/certs/intermediate_ca.crt"; keep "$W/root.crl" "$W/intermediate.crl"
jq '.crl={enabled:true,generateOnRevoke:true,cacheDuration:"24h",renewPeriod:"16h"}' "$P/config/ca.json" > ca.tmp && mv ca.tmp "$P/config/ca.json"; keep "$P/config/ca.json"; finish
# 8 policy
begin policy
jq '.authority.policy={x509:{allow:{dns:["*.local.example.com"],ip:["10.0.0.0/24"]},deny:{dns:["forbidden.local.example.com"],ip:["192.168.1.153"]},allowWildcardNames:false}}' "$P/config/ca.json" > ca.tmp && mv ca.tmp "$P/config/ca.json"; keep "$P/config/ca.json"; finish
# optional: EXTRA more config-change steps (to build long chains)
for ((i=0;i<${EXTRA:-0};i++)); do begin edit; jq --argjson i $i ".edit=\$i" "$P/config/ca.json" > ca.tmp && mv ca.tmp "$P/config/ca.json"; keep "$P/config/ca.json"; finish; done
rm -rf stage; echo "done: $N steps, head $PREV"
