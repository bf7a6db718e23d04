/**
 * Training of networks by full-batch gradient descent on the squared error (section 4 of the paper), and what it does to
 * their Neural Tangent Kernel.
 *
 * <p>Step {@code t} counts updates: {@code w_{t+1} = w_t - eta grad loss(w_t)}, and {@code loss_t} belongs to
 * {@code w_t}, so {@code loss_0} is that of the initial network.
 *
 * <p>A {@link io.github.finitentk.training.TrainingPlan} says how networks are trained; a
 * {@link io.github.finitentk.training.Training} does it, watched by a
 * {@link io.github.finitentk.training.TrainingListener}, and can be cancelled, saved and taken up again.
 */
package io.github.finitentk.training;
