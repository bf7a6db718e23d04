/**
 * What a network is: its {@link io.github.finitentk.model.Architecture}, its {@link io.github.finitentk.model.Activation}, the
 * {@link io.github.finitentk.model.Initialization} its weights come from, and a {@link io.github.finitentk.model.Network} with
 * weights. Nothing is computed here; everything that computes starts from these.
 */
package io.github.finitentk.model;
