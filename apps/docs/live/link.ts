/** A program's settings in the address of its page: `#live=width:16,lr:0.05,device:webgpu`. */
import { nearest, type Settings, type Slider } from "./slider.ts";

export type DeviceName = "cpu" | "webgpu";

/** What a link carries. */
export interface Shared {
  readonly settings: Settings;
  readonly device: DeviceName;
  /** How many steps one start takes. */
  readonly length: number;
}

const LINK = "#live=";
const LONGEST = 1_000_000;

/** The part of an address that carries what differs from `usual`; "" where nothing does. */
export function linkOf({ settings, device, length }: Shared, usual: Shared): string {
  const parts = Object.entries(settings)
    .filter(([name, value]) => value !== usual.settings[name])
    .map(([name, value]) => `${name}:${value}`);
  if (device !== usual.device) parts.push(`device:${device}`);
  if (length !== usual.length) parts.push(`steps:${length}`);
  return parts.length === 0 ? "" : LINK + parts.join(",");
}

export function isLink(hash: string): boolean {
  return hash.startsWith(LINK);
}

/** What an address carries, with the usual value of what it leaves out or has wrong. */
export function readLink(hash: string, sliders: readonly Slider[], usual: Shared): Shared {
  if (!isLink(hash)) return usual;
  const parts = new Map<string, string | undefined>();
  for (const part of decoded(hash.slice(LINK.length)).split(",")) {
    const [name, value] = part.split(":");
    parts.set(name, value);
  }
  const settings = { ...usual.settings };
  for (const { name, values } of sliders) {
    const value = numberIn(parts.get(name));
    if (value !== undefined) settings[name] = values[nearest(values, value)];
  }
  const steps = numberIn(parts.get("steps"));
  const isLength = steps !== undefined && Number.isInteger(steps) && steps >= 1 && steps <= LONGEST;
  const device = parts.get("device");
  return {
    settings,
    device: device === "cpu" || device === "webgpu" ? device : usual.device,
    length: isLength ? steps : usual.length,
  };
}

function numberIn(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Programs that pass links on may have escaped it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
