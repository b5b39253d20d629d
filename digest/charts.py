"""The digest's pictures: a tie's course with its interval, and the week's ties side by side; PNG or SVG.

The same figures always make the same bytes. Colours keep their contrast in print and for the colour-blind.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal

import matplotlib

matplotlib.use("agg")
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from PIL import Image

from digest.week import Course, Point
from digest.words import Language, count, month, percent, plain, say

Format = Literal["png", "svg"]
INK, GREY, RULE, BLUE, BAND, OUTAGE = "#1d2733", "#5b6672", "#d9dee3", "#0b5c8a", "#9cc4dc", "#eceff1"
_FONT = {"font.family": ["DejaVu Sans"], "font.size": 9, "svg.hashsalt": "bybaand", "axes.unicode_minus": False}
_DPI = 220
"""Twice the width of a phone's column, so that it is sharp there."""


def tie_label(language: Language, course: Course) -> str:
    """Name a tie in a picture: «Tromsø–Murmansk»."""
    return f"{plain(course.tie.kommune)}–{plain(course.tie.city_in(language))}"


def week_chart(courses: Sequence[Course], language: Language, form: Format = "png") -> bytes:
    """Draw the last week of each tie: a dot for the share of all stories, a line for its 95 % interval."""
    rows = [course for course in reversed(courses) if course.points[-1].share is not None]
    with matplotlib.rc_context(_FONT):
        figure = Figure(figsize=(4.7, 0.62 + 0.36 * len(rows)), dpi=_DPI)
        axes: Any = figure.subplots()
        for at, course in enumerate(rows):
            point = course.points[-1]
            axes.plot([point.share_low or 0, point.share_high or 0], [at, at], color=BAND, lw=5, solid_capstyle="round")
            axes.plot([point.share], [at], "o", color=BLUE, ms=6)
            axes.annotate(
                count(language, point.stories or 0, "story"),
                (point.share_high or 0, at),
                xytext=(8, 0),
                textcoords="offset points",
                va="center",
                color=GREY,
                fontsize=8,
            )
        axes.set_yticks(range(len(rows)), [tie_label(language, course) for course in rows], color=INK, fontsize=9.5)
        axes.set_ylim(-0.6, len(rows) - 0.4)
        top = max((course.points[-1].share_high or 0) for course in rows) if rows else 1.0
        axes.set_xlim(0, top * 1.22)
        axes.xaxis.set_major_locator(MaxNLocator(4))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: percent(language, share) if share else "0"))
        axes.set_xlabel(say(language, "share_axis"), color=GREY, fontsize=8, loc="left")
        axes.grid(axis="x", color=RULE, lw=0.7)
        _quiet(axes)
        return _bytes(figure, form)


def week_alt(courses: Sequence[Course], language: Language) -> str:
    """Say in words what `week_chart` shows."""
    return f"{say(language, 'week_chart')} {week_figures(courses, language)}"


def week_figures(courses: Sequence[Course], language: Language) -> str:
    """Return the figures of `week_chart` alone, for readers without pictures."""
    return "; ".join(_figure(course, language) for course in courses if course.points[-1].share is not None) + "."


def _figure(course: Course, language: Language) -> str:
    point = course.points[-1]
    return say(
        language,
        "share_alt",
        tie=tie_label(language, course),
        stories=count(language, point.stories or 0, "story"),
        share=percent(language, point.share or 0),
        low=percent(language, point.share_low or 0),
        high=percent(language, point.share_high or 0),
    )


def course_chart(course: Course, language: Language, weeks: int = 52, form: Format = "png") -> bytes:
    """Draw the share of all stories, week by week, with its interval as a line; outages are grey, never zero.

    Weeks without a story are small dots: a bar from zero to their upper limit would look like a figure.
    """
    points = course.points[-weeks:]
    with matplotlib.rc_context(_FONT):
        figure = Figure(figsize=(4.7, 1.75), dpi=_DPI)
        axes: Any = figure.subplots()
        for point in points:
            if point.share is None:
                axes.axvspan(point.start - timedelta(days=3.5), point.start + timedelta(days=3.5), color=OUTAGE, lw=0)
        known = [point for point in points if point.share is not None]
        for point in known:
            if point.stories:
                interval = [point.share_low, point.share_high]
                axes.plot([point.start] * 2, interval, color=BAND, lw=3.5, solid_capstyle="butt")
                axes.plot([point.start], [point.share], "o", color=BLUE, ms=5, clip_on=False, zorder=3)
            else:
                axes.plot([point.start], [0], "o", color=GREY, ms=1.6, clip_on=False)
        last = points[-1]
        axes.set_xlim(points[0].start - timedelta(days=5), last.start + timedelta(days=5))
        top = max((point.share_high or 0 for point in known if point.stories), default=0.01)
        axes.set_ylim(0, 1.05 * top)
        ticks = points[:: max(1, len(points) // 4)]
        axes.set_xticks(
            [point.start for point in ticks],
            [f"{month(language, point.start)[:3]} {point.start:%y}" for point in ticks],
        )
        axes.yaxis.set_major_locator(MaxNLocator(3))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: percent(language, share) if share else "0"))
        caption = say(language, "course_axis")
        if any(point.share is None for point in points):
            caption += f"; {say(language, 'outage_axis')}"
        axes.set_title(caption, color=GREY, fontsize=8, loc="left")
        axes.grid(axis="y", color=RULE, lw=0.7)
        _quiet(axes)
        return _bytes(figure, form)


def course_alt(course: Course, language: Language, weeks: int = 52) -> str:
    """Say in words what `course_chart` shows."""
    points = course.points[-weeks:]
    first, last = _week(language, points[0]), _week(language, points[-1])
    drawn = say(language, "course_chart", tie=tie_label(language, course), first=first, last=last)
    return f"{drawn} {course_figures(course, language, weeks)}"


def course_figures(course: Course, language: Language, weeks: int = 52) -> str:
    """Return the figures of `course_chart` alone, for readers without pictures."""
    points = course.points[-weeks:]
    last, known = points[-1], [point for point in points if point.stories is not None]
    top = max(known, key=lambda point: point.stories or 0, default=last)
    told = say(
        language,
        "course_alt",
        stories=count(language, last.stories or 0, "story"),
        share=percent(language, last.share or 0),
        low=percent(language, last.share_low or 0),
        high=percent(language, last.share_high or 0),
        top=count(language, top.stories or 0, "story"),
        top_week=_week(language, top),
    )
    missing = len(points) - len(known)
    return f"{told} {say(language, 'course_missing', missing=count(language, missing, 'week'))}" if missing else told


def _week(language: Language, point: Point) -> str:
    return f"{say(language, 'week_short', week=point.start.isocalendar().week)} {point.start.isocalendar().year}"


def _quiet(axes: Any) -> None:
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, labelcolor=GREY)
    axes.tick_params(axis="x", pad=6)
    axes.tick_params(axis="y", labelcolor=INK)
    axes.set_axisbelow(True)


def _bytes(figure: Figure, form: Format) -> bytes:
    out = io.BytesIO()
    metadata = {"Software": None} if form == "png" else {"Date": None, "Creator": None}
    figure.savefig(out, format=form, bbox_inches="tight", pad_inches=0.08, facecolor="white", metadata=metadata)
    return _smaller(out) if form == "png" else out.getvalue()


def _smaller(png: io.BytesIO) -> bytes:
    """Write the picture with a palette: a quarter of the bytes, and no difference that can be seen."""
    out = io.BytesIO()
    with Image.open(png) as image:
        image.convert("RGB").quantize(64, dither=Image.Dither.NONE).save(out, "png", optimize=True)
    return out.getvalue()
