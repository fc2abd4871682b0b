/** Where a device stands in a group. */
export interface Standing {
  epoch: number;
  /** 16 bytes, hex. */
  branch: string;
}

/**
 * When nobody can go back to where two ways parted, those on the one ask those on the other to let them in. Which way that
 * goes everybody must see alike: to the later epoch, and within one to the higher name.
 */
export const isFurther = (one: Standing, other: Standing): boolean =>
  one.epoch > other.epoch || (one.epoch === other.epoch && one.branch > other.branch);
