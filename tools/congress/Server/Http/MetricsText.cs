using System.Globalization;
using System.Text;

namespace Congress.Cli.Server.Http;

/// <summary>Metrics in the text format of Prometheus, version 0.0.4.</summary>
internal sealed class MetricsText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    /// <summary>Says what the values that follow are.</summary>
    public MetricsText Describe(string name, string kind, string description)
    {
        _text.Append("# HELP ").Append(name).Append(' ').Append(description).Append('\n').Append("# TYPE ").Append(name).Append(' ').Append(kind).Append('\n');
        return this;
    }

    /// <summary>Adds a value.</summary>
    /// <param name="name">The metric.</param>
    /// <param name="value">The value.</param>
    /// <param name="labels">Its labels as they are written; empty for none.</param>
    public MetricsText Value(string name, double value, string labels = "")
    {
        _text.Append(name).Append(labels.Length == 0 ? "" : $"{{{labels}}}").Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
        return this;
    }

    /// <summary>Adds a metric with one value.</summary>
    public MetricsText Gauge(string name, string description, double value) => Describe(name, "gauge", description).Value(name, value);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
