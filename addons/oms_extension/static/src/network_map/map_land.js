/**
 * Drawing only the land in view. Projecting all coasts of the world takes most of a map's time, and
 * a map of Europe shows a third of them.
 */

const toVector = ([longitude, latitude]) => {
    const [lon, lat] = [(longitude * Math.PI) / 180, (latitude * Math.PI) / 180];
    return [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)];
};

const angle = (a, b) => {
    const cosine = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    return Math.acos(Math.max(-1, Math.min(1, cosine)));
};

/** The circle on the globe around the points [longitude, latitude]; the radius in radians. */
function boundingCircle(points) {
    const vectors = points.map(toVector);
    const sum = [0, 1, 2].map((axis) => vectors.reduce((total, one) => total + one[axis], 0));
    const length = Math.hypot(...sum) || 1;
    const centre = sum.map((value) => value / length);
    return { centre, radius: Math.max(...vectors.map((vector) => angle(centre, vector))) };
}

/**
 * @typedef {{ coordinates: any[], centre: number[], radius: number }} Piece a polygon or a line
 * @param {Object} collection GeoJSON features of polygons
 * @returns {Piece[]}
 */
export function polygonPieces(collection) {
    return collection.features
        .flatMap(({ geometry }) =>
            geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates
        )
        .map((coordinates) => ({ coordinates, ...boundingCircle(coordinates[0]) }));
}

/**
 * @param {Object} lines GeoJSON MultiLineString
 * @returns {Piece[]}
 */
export function linePieces(lines) {
    return lines.coordinates.map((coordinates) => ({
        coordinates,
        ...boundingCircle(coordinates),
    }));
}

/** The coordinates of the pieces that may show in a view of the regional `projection`. */
export function coordinatesInView(pieces, projection, { width, height }) {
    const corners = [
        [0, 0],
        [width, 0],
        [0, height],
        [width, height],
    ].map((corner) => toVector(projection.invert(corner)));
    const middle = toVector(projection.invert([width / 2, height / 2]));
    const reach = Math.max(...corners.map((corner) => angle(middle, corner)));
    return pieces
        .filter((piece) => angle(piece.centre, middle) <= piece.radius + reach + 0.02)
        .map((piece) => piece.coordinates);
}
