-- expect: 5: the title of a step holds a backslash, which means an unseen byte on a page: "C:\tmp"
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "C:\\tmp" { at = "ca", say "hello" }
