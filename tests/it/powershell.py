"""Parses each command of a JSON list with tree-sitter's grammar of PowerShell: none may have an error."""

import json
import sys

import tree_sitter
import tree_sitter_powershell

parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
with open(sys.argv[1], encoding="utf-8") as file:
    commands = json.load(file)
assert commands
bad = [one for one in commands if parser.parse(one.encode()).root_node.has_error]
assert not bad, "\n".join(bad)
# The grammar does tell what is no PowerShell.
assert parser.parse(b"az x 'a").root_node.has_error
print(f"{len(commands)} commands")
print("all done")
