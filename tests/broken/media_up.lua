-- expect: 6: unlock option "from" must be a plain file name ([A-Za-z0-9._-], not starting with a dot), as it lies on the media
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "One" { at = "root",
  unlock "root key" { from = ".." },
}
