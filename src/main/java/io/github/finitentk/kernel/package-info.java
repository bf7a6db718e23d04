/** The empirical NTK of one network, and regression with a kernel that stays constant in training, eq. (10). */
package io.github.finitentk.kernel;
