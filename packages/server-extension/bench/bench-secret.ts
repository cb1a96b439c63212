/** Shared by whoever signs and whoever verifies in a comparison of servers. */
export const benchSecret = 'only for these comparisons 0123456789abcdef';
