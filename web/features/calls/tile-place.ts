export interface Spot {
  x: number;
  y: number;
}

interface Size {
  width: number;
  height: number;
}

const margin = 12;
/** Room for the header above and the composer below. */
const edges = { top: 72, bottom: 84 };

export function clampTile(spot: Spot, tile: Size, screen: Size): Spot {
  return {
    x: clamp(spot.x, margin, screen.width - tile.width - margin),
    y: clamp(spot.y, margin, screen.height - tile.height - margin),
  };
}

export function nearestCorner(spot: Spot, tile: Size, screen: Size): Spot {
  const right = spot.x + tile.width / 2 > screen.width / 2;
  const low = spot.y + tile.height / 2 > screen.height / 2;
  return clampTile(
    {
      x: right ? screen.width - tile.width - margin : margin,
      y: low ? screen.height - tile.height - edges.bottom : edges.top,
    },
    tile,
    screen,
  );
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, Math.max(least, most)));
}
