package io.github.finitentk.trust;

/**
 * What is found about one claim.
 *
 * @param claim the claim
 * @param standing how far it holds
 * @param reason one sentence with the number that decides
 */
public record Statement(Claim claim, Standing standing, String reason) {}
