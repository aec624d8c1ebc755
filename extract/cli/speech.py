"""The help of every command in the language of --lang, or of the locale.

English stands in the commands; Chinese comes from ``schemas/lang/zh.yaml``, paragraph by
paragraph, and is wrapped as it is wide: two columns a character, no line beginning with a
mark that closes. ``texts`` names all that wants a translation.
"""

from __future__ import annotations

import copy
import inspect
import re
from collections.abc import Iterable, Iterator, Sequence

import click
from rich.cells import cell_len

from extract.lang import LANGS, Lang, say, spoken

META = "juesuan.lang"
"""Where a context keeps the language."""

_OWN = ("Show this message and exit.", "Show the version and exit.")
_BESIDE = re.compile(r"^(?P<said>.*?)(?:  \[(?P<beside>[^\[\]]*)\])?$", re.DOTALL)
_WORDS = {"default: ": "默认：", "required": "必填", "(cores)": "（处理器核数）"}
_CLOSING = frozenset("，。；：、）」』”’！？…—,.;:)!?")
_OPENING = frozenset("（「『“‘(")


def language(arguments: Sequence[str]) -> Lang:
    """That of --lang, wherever it stands; else of the locale."""
    for at, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--lang":
            told = value or next(iter(arguments[at + 1 : at + 2]), "")
            return next((lang for lang in LANGS if lang == told), spoken())
    return spoken()


def speaking(command: click.Group, lang: Lang) -> click.Group:
    """``command`` with --lang, its help and that of all its commands in ``lang``."""
    spoken_one: click.Group = copy.deepcopy(command)
    for path, one in tree(spoken_one):
        one.params.append(_option(lang, hidden=bool(path)))
        if lang == "zh":
            _translate(one)
    return spoken_one


def tree(command: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """A command and all below it, each with its name: "" and "codes", "codes learn", …"""
    yield path, command
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from tree(inner, f"{path} {name}".strip())


def texts(command: click.Command) -> Iterator[str]:
    """Every text of a command that wants a translation."""
    yield from paragraphs(command.help or "")
    for option in command.params:
        if isinstance(option, click.Option) and option.help:
            yield option.help
    yield from _OWN


def paragraphs(text: str) -> list[str]:
    """Parts of a help text that blank lines set off."""
    return [part for part in re.split(r"\n\s*\n", inspect.cleandoc(text)) if part.strip("\b\n ")]


def wrapped(text: str, width: int) -> Iterator[str]:
    """Lines of at most ``width`` columns, broken between words or Chinese characters.

    >>> list(wrapped("读入文件（PDF 等），再核对。", 12))
    ['读入文件', '（PDF 等），', '再核对。']
    """
    line = ""
    for piece in _pieces(" ".join(text.split())):
        if line and cell_len(line + piece.rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += piece if line else piece.lstrip()
    if line:
        yield line.rstrip()


def _pieces(text: str) -> list[str]:
    """What is not to be broken: words, and characters with the marks that go with them."""
    pieces: list[str] = []
    for letter in text:
        last = pieces[-1][-1] if pieces else " "
        narrow = cell_len(letter) < 2 and letter != " " and cell_len(last) < 2 and last != " "
        if pieces and (letter == " " or narrow or letter in _CLOSING or last in _OPENING):
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


def _option(lang: Lang, *, hidden: bool) -> click.Option:
    def keep(context: click.Context, _: click.Parameter, told: str | None) -> None:
        context.meta[META] = told or context.meta.get(META, lang)

    return click.Option(
        ["--lang"],
        type=click.Choice(LANGS),
        is_eager=True,
        expose_value=False,
        callback=keep,
        hidden=hidden,
        help="Language of help texts and reports; without it, that of the locale.",
    )


def _translate(command: click.Command) -> None:
    told = paragraphs(command.help or "")
    command.help = "\n\n".join(map(_chinese, told))
    if told:
        command.short_help = say(told[0], "zh").rstrip("。")
    for option in command.params:
        if isinstance(option, click.Option) and option.help:
            option.help = say(option.help, "zh")
    command.context_class = _Context


def _chinese(paragraph: str) -> str:
    said = say(paragraph.replace("\b", ""), "zh")
    return f"\b\n{said}" if paragraph.startswith("\b") else said


class _Formatter(click.HelpFormatter):
    """Help in Chinese, as wide as it is."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        words = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 [参数]…"}
        for english, chinese in words.items():
            args = args.replace(english, chinese)
        super().write_usage(prog, args, prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        said = {"Options": "选项", "Commands": "命令"}.get(heading, heading)
        self.write(f"{'':>{self.current_indent}}{said}：\n")

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        for number, paragraph in enumerate(paragraphs(text)):
            as_it_stands = paragraph.startswith("\b\n")
            lines = (
                paragraph.removeprefix("\b\n").splitlines()
                if as_it_stands
                else wrapped(paragraph, self.width - self.current_indent)
            )
            self.write("\n" if number else "")
            self.write("".join(f"{indent}{line}\n" for line in lines))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        rows = list(rows)
        first = min(max(cell_len(name) for name, _ in rows), col_max) + col_spacing
        room = max(self.width - self.current_indent - first, 20)
        for name, said in rows:
            lines = list(wrapped(_beside(said), room))
            self.write(" " * self.current_indent + name)
            at = cell_len(name)
            for line in lines:
                pad = first - at if at + col_spacing <= first else None
                if pad is None:
                    self.write("\n" + " " * (self.current_indent + first))
                else:
                    self.write(" " * pad)
                self.write(line)
                at = first
            self.write("\n")


class _Context(click.Context):
    formatter_class = _Formatter


def _beside(said: str) -> str:
    """The text of an option, and in brackets what click says of it."""
    found = _BESIDE.match(said)
    text, beside = (found["said"], found["beside"]) if found else (said, None)
    text = say(text, "zh")
    if beside is None:
        return text
    for english, chinese in _WORDS.items():
        beside = beside.replace(english, chinese)
    return f"{text} [{beside.replace('; ', '；')}]"
