"""Regenerates expressions.json, blocks.json and corpus.json with Jinja2 as the oracle.

Needs Python 3 and jinja2 (made with 3.1.6). The environment is the one that the transformers
library renders chat templates in.
"""

import datetime
import json
import pathlib

import jinja2
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = pathlib.Path(__file__).parent
NOW = datetime.datetime(2026, 3, 7, 9, 5, 3)


class Generation(Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        call = self.call_method("_body")
        return jinja2.nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _body(self, caller):
        return caller()


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(
        value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )


def environment():
    env = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols]
    )
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = NOW.strftime
    return env


ENV = environment()


def render(source, variables):
    try:
        return {"expected": ENV.from_string(source).render(**variables)}
    except Exception as error:  # any failure of the oracle must be a failure of ours
        return {"error": type(error).__name__}


def generate_table(name, read):
    context = json.loads((HERE / "context.json").read_text())
    rows = [{"source": source, **render(source, context)} for source in read(HERE / name)]
    target = HERE / (pathlib.Path(name).stem + ".json")
    target.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    errors = sum("error" in row for row in rows)
    print(name, len(rows), "rows,", errors, "errors")


def expressions(path):
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("##")]
    return ["{{ " + line + " }}" for line in lines]


def blocks(path):
    return [block for block in path.read_text().split("\n=====\n") if block]


def generate_corpus():
    conversations = json.loads((HERE / "conversations.json").read_text())
    rows = []
    for path in sorted((HERE / "templates").glob("*.jinja")):
        for name, variables in conversations.items():
            result = render(path.read_text(), variables)
            rows.append({"template": path.name, "conversation": name, **result})
    (HERE / "corpus.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    errors = sum("error" in row for row in rows)
    print("corpus", len(rows), "rows,", errors, "errors")


if __name__ == "__main__":
    generate_table("expressions.txt", expressions)
    generate_table("blocks.txt", blocks)
    generate_corpus()
