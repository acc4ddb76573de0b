// The two formats in which a monitoring system reads the figures.

package enum MetricsFormat: Sendable {
    case openMetrics
    case prometheus
}
