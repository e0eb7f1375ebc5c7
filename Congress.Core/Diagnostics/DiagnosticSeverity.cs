namespace Congress.Diagnostics;

/// <summary>How bad a diagnostic is.</summary>
public enum DiagnosticSeverity
{
    /// <summary>The text was accepted; something in it deserves a look.</summary>
    Warning,

    /// <summary>The text was refused, and nothing has changed.</summary>
    Error,
}
