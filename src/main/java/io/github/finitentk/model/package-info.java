/**
 * What a network is: its {@link io.github.finitentk.model.Architecture}, its {@link io.github.finitentk.model.Activation} and the
 * {@link io.github.finitentk.model.Initialization} its weights come from are a {@link io.github.finitentk.model.RandomNetwork}; one
 * with given weights is a {@link io.github.finitentk.model.Network}. Nothing is computed here; everything that computes starts from
 * these.
 */
package io.github.finitentk.model;
