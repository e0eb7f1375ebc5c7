using System.Diagnostics.Metrics;
using System.Globalization;

namespace Congress.Cli.Server.Http;

/// <summary>Adds up what the counters of a meter are told, by their tags.</summary>
internal sealed class MetricTotals : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, (Instrument Instrument, SortedDictionary<string, double> Values)> _totals = new(StringComparer.Ordinal);

    /// <summary>Listens to the counters of a meter.</summary>
    public MetricTotals(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Writes all of them in the text format of Prometheus.</summary>
    public void Write(MetricsText text)
    {
        lock (_gate)
        {
            foreach (var (name, (instrument, values)) in _totals)
            {
                text.Describe(name, instrument is UpDownCounter<long> ? "gauge" : "counter", instrument.Description ?? "");
                foreach (var (labels, value) in values)
                {
                    text.Value(name, value, labels);
                }
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = "";
        foreach (var (name, label) in tags)
        {
            labels += string.Create(CultureInfo.InvariantCulture, $"{(labels.Length == 0 ? "" : ",")}{name}=\"{label}\"");
        }

        lock (_gate)
        {
            if (!_totals.TryGetValue(instrument.Name, out var known))
            {
                _totals.Add(instrument.Name, known = (instrument, new(StringComparer.Ordinal)));
            }

            known.Values[labels] = known.Values.GetValueOrDefault(labels) + value;
        }
    }
}
