namespace Congress.Datalog.Builtins;

/// <summary>A builtin that comes with the language: a delegate and what the documentation says of it.</summary>
internal sealed class StandardBuiltin : Builtin
{
    private readonly BuiltinBody _body;
    private readonly bool _readsClock;

    private StandardBuiltin(string category, string signature, int inputs, string summary, BuiltinBody body, bool readsClock)
        : base(signature[..signature.IndexOf('(', StringComparison.Ordinal)], inputs, signature.AsSpan().Count(',') + 1 - inputs)
    {
        Category = category;
        Signature = signature;
        Summary = summary;
        _body = body;
        _readsClock = readsClock;
    }

    public override string Category { get; }

    public override string Signature { get; }

    public override string Summary { get; }

    public override bool ReadsClock => _readsClock;

    /// <summary>Makes one that OpenStack Congress has; its name is reserved.</summary>
    public static StandardBuiltin Inherited(
        string category, string signature, int inputs, string summary, BuiltinBody body, bool readsClock = false) =>
        new(category, signature, inputs, summary, body, readsClock) { IsReserved = true };

    /// <summary>Makes one that OpenStack Congress lacks, so that its policies may use the name for a table.</summary>
    public static StandardBuiltin Added(string category, string signature, int inputs, string summary, BuiltinBody body) =>
        new(category, signature, inputs, summary, body, readsClock: false);

    /// <inheritdoc/>
    public override void Evaluate(ref BuiltinCall call) => _body(ref call);
}
