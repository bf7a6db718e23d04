/** Sweeps of Finite NTK on Apache Spark: the cells of a specification, or those of a Dataset, computed by a cluster's executors. */
package io.github.finitentk.spark;
