/** Whether it has the form of an account's or contract's address; capitals are not checked. */
export const isAddress = (text: string): text is `0x${string}` => /^0x[0-9a-fA-F]{40}$/.test(text);
