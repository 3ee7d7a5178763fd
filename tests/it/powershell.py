"""Parses commands with tree-sitter's grammar of PowerShell: none may have an error, and no name may be more than text.

The file has `commands`, and `names` that stand in them: each as the whole of one literal.
"""

import json
import sys

import tree_sitter
import tree_sitter_powershell

parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
with open(sys.argv[1], encoding="utf-8") as file:
    given = json.load(file)
commands = given["commands"]
assert commands
trees = {one: parser.parse(one.encode()).root_node for one in commands}
bad = [one for one, tree in trees.items() if tree.has_error]
assert not bad, "\n".join(bad)
# The grammar does tell what is no PowerShell.
assert parser.parse(b"az x 'a").root_node.has_error


def below(node):
    yield node
    for child in node.children:
        yield from below(child)


# A line that runs one program has nothing in it that PowerShell would work out.
WORKED_OUT = {"variable", "expandable_string_literal", "sub_expression", "script_block_expression"}
plain = {one: tree for one, tree in trees.items() if one.startswith(("az ", "pac "))}
assert plain
for one, tree in plain.items():
    kinds = {node.type for node in below(tree)}
    assert not kinds & WORKED_OUT, f"{one}: {kinds & WORKED_OUT}"
    assert sum(node.type == "command" for node in below(tree)) == 1, one

literals = set()
for tree in plain.values():
    for node in below(tree):
        if node.type == "verbatim_string_characters":
            inner = node.text.decode()[1:-1]
            literals.add(inner.replace("\u2019\u2019", "\u2019").replace("''", "'"))
missing = [name for name in given["names"] if name not in literals]
assert not missing, f"{missing} of {literals}"
print(f"{len(commands)} commands, {len(given['names'])} names")
print("all done")
