export type { ProfileAverage } from "./average.ts";
export type { ProfileEvent } from "./event.ts";
export { Profile, type ProfileColumn, profile } from "./profile.ts";
