namespace Congress.Diagnostics;

/// <summary>A policy, a change or a query was refused, or could not be evaluated. Nothing has changed.</summary>
public sealed class PolicyException : CongressException
{
    /// <summary>Makes the exception for the diagnostics that led to it.</summary>
    public PolicyException(IReadOnlyList<Diagnostic> diagnostics)
        : base(Text(diagnostics)) => Diagnostics = diagnostics;

    /// <summary>Makes the exception for one diagnostic.</summary>
    public PolicyException(Diagnostic diagnostic, Exception? inner = null)
        : base(Text([diagnostic]), inner) => Diagnostics = [diagnostic];

    /// <summary>What was found, errors and warnings, in the order of the text.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    private static string Text(IReadOnlyList<Diagnostic> diagnostics)
    {
        ArgumentNullException.ThrowIfNull(diagnostics);
        var errors = diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString()).ToArray();
        return errors.Length <= 10
            ? string.Join(Environment.NewLine, errors)
            : string.Join(Environment.NewLine, errors.Take(10)) + $"{Environment.NewLine}... and {errors.Length - 10} more";
    }
}
