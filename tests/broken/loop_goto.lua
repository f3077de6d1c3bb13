-- expect: 5: the script takes more than 20000000 steps to describe itself; does it loop?
ceremony "Broken" { version = "1" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
::again:: goto again
