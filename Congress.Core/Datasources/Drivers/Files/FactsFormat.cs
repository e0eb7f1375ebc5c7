namespace Congress.Datasources.Drivers.Files;

/// <summary>How a facts file is written, as its extension tells.</summary>
public enum FactsFormat
{
    /// <summary><c>.facts</c> and <c>.tsv</c>: fields between tabs, no header, no escapes, as Soufflé.</summary>
    Tsv,

    /// <summary><c>.csv</c>: RFC 4180 with a header row.</summary>
    Csv,

    /// <summary><c>.json</c>: one array of objects or of arrays.</summary>
    Json,

    /// <summary><c>.jsonl</c>: one object or array a line.</summary>
    JsonLines,
}
