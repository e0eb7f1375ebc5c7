namespace Congress.Datasources.Drivers.Files;

/// <summary>Why a field is not a value of its column.</summary>
internal enum FieldFault
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>It is not of the column's type.</summary>
    WrongType,

    /// <summary>An integer that does not fit 64 bits.</summary>
    IntegerTooLarge,

    /// <summary>A real beyond the largest one.</summary>
    RealTooLarge,

    /// <summary>Bytes that are not UTF-8.</summary>
    NotUtf8,

    /// <summary>A JSON escape of half a surrogate pair.</summary>
    LoneSurrogate,

    /// <summary>More than <see cref="FactsInput.MaxFieldBytes"/>.</summary>
    TooLong,
}
