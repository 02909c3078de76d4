"""Photos that customers and the receiving table take, as far as a drawing goes."""

from io import BytesIO

from PIL import Image, ImageDraw


def box(colour):
    """A dented box on a table, as PNG."""
    image = Image.new("RGB", (640, 480), "#c9c2b6")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 330, 640, 480), fill="#a99f8e")
    draw.polygon([(150, 140), (430, 120), (500, 190), (210, 215)], fill="#d3a873")
    draw.polygon([(210, 215), (500, 190), (490, 390), (205, 410)], fill="#b98a54")
    draw.polygon([(150, 140), (210, 215), (205, 410), (150, 330)], fill="#9c7040")
    draw.polygon([(420, 196), (500, 190), (495, 290), (455, 250)], fill=colour)
    draw.line([(420, 196), (455, 250), (495, 290)], fill="#5b3d1e", width=5)
    draw.line([(330, 206), (340, 402)], fill="#e8dcc4", width=26)
    stream = BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()
