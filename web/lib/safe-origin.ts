/**
 * A path gateway serves many sites from one origin: any of them could read the keys kept here. Then nothing is made.
 * A gateway with one host name per site is as good as a relay.
 */
export function sharesItsOrigin(url: { pathname: string }): boolean {
  return /^\/(ipfs|ipns)\//i.test(url.pathname);
}
