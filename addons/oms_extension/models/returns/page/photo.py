"""Photos from strangers, made harmless: what is kept is a new picture, drawn from theirs."""

import io
from contextlib import suppress

from PIL import Image, ImageOps, WebPImagePlugin  # noqa: F401 (Odoo loads few formats)

with suppress(ImportError):
    # Where it is installed, photos of iPhones need not be converted by the phone.
    from pillow_heif import register_heif_opener

    register_heif_opener()

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
"""What telephones send. A file is what its content says, whatever its name or type does."""
MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 64_000_000
MAX_PIXELS_UNSCALED = 25_000_000
"""Of the picture as it unfolds in memory, checked before it does; the lower one for formats that no
camera writes, which cannot be unfolded in a smaller size."""
LONGEST_SIDE = 2048
QUALITY = 82


class BadPhoto(ValueError):
    """:ivar code: ``large`` or ``kind``"""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def cleaned(stream):
    """A JPEG of what a picture shows, and of nothing else that was in its file.

    Neither place and camera (EXIF, XMP) nor what is hidden behind or within the picture remains.

    :param stream: binary file
    :raise BadPhoto: it is no picture, or too large a one
    """
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BadPhoto("large")
    known = [one for one in FORMATS if one in Image.OPEN]
    try:
        with Image.open(io.BytesIO(data), formats=known) as image:
            camera = image.format in ("JPEG", "MPO", "HEIF")
            if image.width * image.height > (MAX_PIXELS if camera else MAX_PIXELS_UNSCALED):
                raise BadPhoto("large")
            if image.width < 1 or image.height < 1:
                raise BadPhoto("kind")
            # A JPEG is unfolded in the size that is needed.
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            shown = ImageOps.exif_transpose(image)
            shown.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            picture = Image.new("RGB", shown.size, "white")
            if "A" in shown.mode or "transparency" in shown.info:
                shown = shown.convert("RGBA")
                picture.paste(shown, mask=shown.getchannel("A"))
            else:
                picture.paste(shown.convert("RGB"))
            kept = io.BytesIO()
            picture.save(kept, "JPEG", quality=QUALITY, optimize=True)
    except BadPhoto:
        raise
    except Image.DecompressionBombError as error:
        raise BadPhoto("large") from error
    except Exception as error:  # whatever a decoder makes of hostile bytes
        raise BadPhoto("kind") from error
    return kept.getvalue()
