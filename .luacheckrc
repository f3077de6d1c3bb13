std = "lua54"
max_line_length = 120
-- Scripts are read with the ceremony's words as their only globals.
exclude_files = { "lua/ceremonies/*", "tests/broken/*" }
