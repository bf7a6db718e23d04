package io.github.finitentk.spark;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/**
 * How many tasks of an application run, from Spark's own events; its status tracker may be behind by the seconds between two
 * heartbeats. Counts from when it is made until it is closed.
 */
final class RunningTasks extends SparkListener implements AutoCloseable {

    private final SparkContext spark;
    private final AtomicInteger count = new AtomicInteger();

    RunningTasks(SparkContext spark) {
        this.spark = spark;
        spark.addSparkListener(this);
    }

    int count() {
        return count.get();
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
        count.incrementAndGet();
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        count.decrementAndGet();
    }

    @Override
    public void close() {
        spark.removeSparkListener(this);
    }
}
