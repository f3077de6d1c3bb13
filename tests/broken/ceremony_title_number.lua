-- expect: 2: ceremony wants a text in quotes here; it got a number
ceremony(7)
