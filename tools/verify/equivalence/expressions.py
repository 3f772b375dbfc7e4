"""Terraform's expressions, as far as modules need them: templates, references, conditionals, some functions.

A value that is known is a Python value. What only the cloud knows is text with marks: `⟦address#attribute⟧`.
https://developer.hashicorp.com/terraform/language/expressions
"""

import json
import re

TOKEN = re.compile(r"""\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][\w-]*)|(?P<operator>==|!=|&&|\|\||=>|[?:!()\[\]{},.=*<>+/-]))""")


class CannotRead(Exception):
    """An expression that is not understood: it is reported, never guessed."""


class Json:
    """What `jsonencode` was given."""

    def __init__(self, value):
        self.value = value

    def __str__(self):
        return json.dumps(self.value, default=str)


def mark(text):
    return f"⟦{text}⟧"


def plain(value):
    """As text holds it."""
    if value is None:
        raise CannotRead("null in a text")
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


FUNCTIONS = {
    "jsonencode": Json, "toset": list, "tolist": list, "tostring": plain, "tonumber": lambda it: it, "tobool": lambda it: it, "base64encode": lambda it: f"base64({it})",
    "nonsensitive": lambda it: it, "sensitive": lambda it: it, "cidrsubnet": lambda block, bits, number: f"subnet({block},{plain(bits)},{plain(number)})",
    "concat": lambda *lists: [one for each in lists for one in each], "merge": lambda *maps: {k: v for each in maps for k, v in each.items()}, "lower": lambda it: it.lower(),
    "join": lambda separator, items: f"join({separator},{items})" if isinstance(items, str) else separator.join(map(plain, items)), "jsondecode": lambda it: it.value if isinstance(it, Json) else it if isinstance(it, dict) else json.loads(it),
    "one": lambda it: f"one({it})" if isinstance(it, str) else it[0] if it else None, "slice": lambda items, start, end: items[start:end],
}


class Parser:
    """One expression in the text `text`, from `at` on."""

    def __init__(self, text, at, scope):
        self.text, self.at, self.scope = text, at, scope

    def peek(self):
        found = TOKEN.match(self.text, self.at)
        return found.group(0).strip() if found else self.text[self.at:].lstrip()[:1]

    def take(self, wanted=None):
        found = TOKEN.match(self.text, self.at)
        if not found or (wanted is not None and found.group(0).strip() != wanted):
            raise CannotRead(f"`{self.text}` at {self.at}" + (f", {wanted} expected" if wanted else ""))
        self.at = found.end()
        return found

    def accept(self, wanted):
        if self.peek() == wanted:
            self.take()
            return True
        return False

    def expression(self):
        condition = self.binary(0)
        if not self.accept("?"):
            return condition
        yes = self.expression()
        self.take(":")
        no = self.expression()
        if isinstance(condition, bool):
            return yes if condition else no
        # text is a condition where it is `true` or `false`
        return {"if": f"{condition}==true" if re.fullmatch(r"⟦[^⟦⟧]*⟧", condition) else condition, "then": yes, "else": no}

    LEVELS = (("||",), ("&&",), ("==", "!="))

    def binary(self, level):
        if level == len(self.LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while (operator := self.peek()) in self.LEVELS[level]:
            self.take()
            left = _operate(operator, left, self.binary(level + 1))
        return left

    def unary(self):
        if self.accept("!"):
            value = self.unary()
            return not value if isinstance(value, bool) else f"!({value})"
        if self.accept("-"):
            return -self.unary()
        return self.postfix(self.primary())

    def primary(self):
        self._space()
        if self.text[self.at:self.at + 1] == '"':
            return self.string()
        if self.accept("("):
            value = self.expression()
            self.take(")")
            return value
        if self.accept("["):
            return self.items("]", lambda: self.expression())
        if self.accept("{"):
            return dict(self.items("}", self.pair))
        found = self.take()
        if found["number"]:
            return float(found["number"]) if "." in found["number"] else int(found["number"])
        if not found["name"]:
            raise CannotRead(f"`{self.text}` at {self.at}")
        return self.named(found["name"])

    def items(self, end, one):
        found = []
        while not self.accept(end):
            if self.peek() == "for" and not found:
                return self.loop(end)
            found.append(one())
            self.accept(",")
        return found

    def loop(self, end):
        """A loop over what only the cloud knows stays as it is written."""
        start, depth = self.at, 1
        while depth:
            self._space()
            if self.text[self.at:self.at + 1] == '"':
                raise CannotRead(f"text in a loop: `{self.text}`")
            token = self.take().group(0).strip()
            depth += (token in "([{") - (token in ")]}")
        if self.text[self.at - 1] != end:
            raise CannotRead(f"`{self.text}`: {end} expected")
        return f"[{self.text[start:self.at - 1].strip()}]"

    def pair(self):
        self._space()
        if self.accept("("):
            key = self.expression()
            self.take(")")
        else:
            key = self.string() if self.text[self.at] == '"' else self.take()["name"]
        self.accept("=") or self.take(":")
        return key, self.expression()

    def string(self):
        self.at += 1
        value, self.at = template(self.text, self.at, self.scope, quoted=True)
        return value

    def _space(self):
        while self.text[self.at:self.at + 1].isspace():
            self.at += 1

    def named(self, name):
        if name in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[name]
        if self.peek() == "(":
            self.take("(")
            arguments = self.items(")", self.expression)
            if name not in FUNCTIONS:
                raise CannotRead(f"function `{name}`")
            return FUNCTIONS[name](*arguments)
        return self.scope.named(name, self)

    def postfix(self, value):
        while self.peek() in (".", "["):
            if self.accept("."):
                key = self.take()
                key = key["name"] or int(key["number"])
            else:
                self.take("[")
                key = self.expression()
                self.take("]")
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                raise CannotRead(f"`{self.text}`: no `{key}` in {value!r}") from None
        return value


def _operate(operator, left, right):
    known = not any("⟦" in str(side) for side in (left, right))
    if operator in ("==", "!=") and (left is None or right is None):
        return (left is right) == (operator == "==")
    if operator in ("==", "!="):
        return (plain(left) == plain(right)) == (operator == "==") if known else f"{left}{operator}{plain(right)}"
    if isinstance(left, bool):
        return right if left == (operator == "&&") else left
    return f"({left}{operator}{right})"


def template(text, at, scope, quoted=False):
    """Text with `${}` from `at` to its end, or to the closing quote; the value and where it ended."""
    parts, literal = [], ""
    while True:
        if at >= len(text):
            if quoted:
                raise CannotRead(f"`{text}`: a quote is missing")
            break
        character = text[at]
        if quoted and character == '"':
            at += 1
            break
        if quoted and character == "\\":
            escaped = {"n": "\n", "t": "\t", "r": "\r"}.get(text[at + 1], text[at + 1])
            literal, at = literal + escaped, at + 2
        elif text.startswith(("$${", "%%{"), at):
            literal, at = literal + text[at] + "{", at + 3
        elif text.startswith("${", at):
            parser = Parser(text, at + 2, scope)
            value = parser.expression()
            parser.take("}")
            parts += [literal, value] if literal else [value]
            literal, at = "", parser.at
        elif text.startswith("%{", at):
            raise CannotRead(f"a directive in `{text}`")
        else:
            literal, at = literal + character, at + 1
    if literal or not parts:
        parts.append(literal)
    return (parts[0] if len(parts) == 1 else "".join(map(plain, parts))), at


def evaluate(value, scope, nulls=False):
    """A JSON value with all its expressions worked out; what is null is left out of objects, unless something asks for it by name."""
    if isinstance(value, str):
        return template(value, 0, scope)[0]
    if isinstance(value, list):
        return [evaluate(one, scope, nulls) for one in value]
    if isinstance(value, dict):
        worked = {(template(key, 0, scope)[0] if "${" in key else key): evaluate(one, scope, nulls) for key, one in value.items()}
        return {key: one for key, one in worked.items() if one is not None or nulls}
    return value
