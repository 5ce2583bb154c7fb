/** What an app may be called: a DNS label. The server decides; this says so before it is asked. */

const NAME = /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/;
export const NAME_CHARS = 40;

/** What is wrong with a name, undefined when nothing is, or when there is none yet. */
export function nameProblem(name: string): string | undefined {
  return name === "" || NAME.test(name) ? undefined : "Lower-case letters, digits and hyphens, a letter first";
}
