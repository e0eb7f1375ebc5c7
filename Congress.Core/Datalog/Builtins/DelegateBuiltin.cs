namespace Congress.Datalog.Builtins;

/// <summary>The body of a builtin as a delegate.</summary>
internal delegate void BuiltinBody(ref BuiltinCall call);

/// <summary>A builtin made of a lambda.</summary>
internal sealed class DelegateBuiltin(string name, int inputs, int outputs, BuiltinBody body)
    : Builtin(name, inputs, outputs)
{
    /// <inheritdoc/>
    public override void Evaluate(ref BuiltinCall call) => body(ref call);
}
