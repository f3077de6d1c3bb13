-- expect: 3: role "operator" mixes Latin letters with U+0430 (а), that only seems to be one: "Adа"
ceremony "Broken" { version = "1" }
people { operator = "Ad\u{430}" }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "ca",
  say "hello",
}
