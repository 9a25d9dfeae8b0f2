//! The parameters of a function, and how its wrapper takes them along: what a body owns is dropped where the body ends,
//! inside the operation, in the order in which the function would drop it.

use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};

/// One parameter, as far as its tokens tell.
pub(super) struct Parameter {
    /// `None`: a pattern that takes the argument apart, or `_`.
    name: Option<Ident>,
    mutable: bool,
    pattern: TokenStream,
    /// Everything from the colon on.
    ty: TokenStream,
    outer: TokenStream,
    is_receiver: bool,
    kind: Kind,
}

/// What a parameter's type shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Dropping an argument may do something.
    Owned,
    /// A unique reference, which a `move` closure would take away for good.
    Unique,
    /// A shared reference or a plain value.
    Plain,
}

/// What is around a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    Closure,
    Async,
    /// The function itself, so that only variables of the body's own are dropped before the operation ends.
    InPlace,
}

/// How arguments get into a closure or an `async` block.
#[derive(Default)]
pub(super) struct Passing {
    /// Names that the block must own, the last parameter first.
    pub(super) kept: Vec<Ident>,
    /// Statements that take arguments over into local variables, the first parameter first.
    pub(super) bindings: TokenStream,
    /// Whether the block borrows what it can: `ok(…)` or `err(…)` look at a unique reference afterwards.
    pub(super) borrows: bool,
    /// The parameters of the wrapper, where they differ.
    pub(super) replaced: Option<TokenStream>,
}

/// Splits the tokens between the parentheses of a signature. `None`: tokens this reader does not know.
pub(super) fn read(tokens: TokenStream) -> Option<Vec<Parameter>> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let parts = split(&tokens);
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(parameter)
        .collect()
}

/// Splits at commas outside of angle brackets.
fn split(tokens: &[TokenTree]) -> Vec<&[TokenTree]> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_u32);
    for (index, token) in tokens.iter().enumerate() {
        if is_punct(token, '<') {
            depth += 1;
        } else if is_punct(token, '>') && !is_arrow(tokens, index) {
            depth = depth.saturating_sub(1);
        } else if is_punct(token, ',') && depth == 0 {
            parts.push(&tokens[start..index]);
            start = index + 1;
        }
    }
    parts.push(&tokens[start..]);
    parts
}

/// Whether the `>` at this index ends a `->`.
fn is_arrow(tokens: &[TokenTree], index: usize) -> bool {
    let before = index.checked_sub(1).map(|before| &tokens[before]);
    matches!(before, Some(TokenTree::Punct(minus)) if minus.as_char() == '-' && minus.spacing() == Spacing::Joint)
}

pub(super) fn is_punct(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

fn parameter(part: &[TokenTree]) -> Option<Parameter> {
    let (outer, part) = attributes(part);
    let colon = single_colon(part);
    let (pattern, ty) = part.split_at(colon.unwrap_or(part.len()));
    let mut parameter = Parameter {
        name: None,
        mutable: false,
        pattern: pattern.iter().cloned().collect(),
        ty: ty.iter().cloned().collect(),
        outer: outer.iter().cloned().collect(),
        is_receiver: false,
        kind: Kind::Owned,
    };
    let ty = ty.get(1..).unwrap_or_default();
    match pattern {
        [TokenTree::Ident(name)] if name == "self" => parameter.is_receiver = true,
        [first, TokenTree::Ident(name)] if is_word(first, "mut") && name == "self" => {
            parameter.is_receiver = true;
        }
        [first, .., last] if is_punct(first, '&') && is_word(last, "self") => {
            parameter.is_receiver = true;
            let is_unique = pattern.iter().any(|token| is_word(token, "mut"));
            parameter.kind = if is_unique { Kind::Unique } else { Kind::Plain };
        }
        [TokenTree::Ident(name)] if name != "_" => parameter.name = Some(name.clone()),
        [first, TokenTree::Ident(name)] if is_word(first, "mut") => {
            parameter.name = Some(name.clone());
            parameter.mutable = true;
        }
        _ => {}
    }
    if colon.is_none() {
        // Only a receiver has no type.
        return parameter.is_receiver.then_some(parameter);
    }
    parameter.kind = match ty {
        ty if is_unique(ty) => Kind::Unique,
        ty if has_drop(ty) => Kind::Owned,
        _ => Kind::Plain,
    };
    Some(parameter)
}

/// The attributes before a parameter, and the parameter.
fn attributes(part: &[TokenTree]) -> (&[TokenTree], &[TokenTree]) {
    let mut end = 0;
    while let [sign, TokenTree::Group(_), ..] = &part[end..]
        && is_punct(sign, '#')
    {
        end += 2;
    }
    part.split_at(end)
}

/// The colon between pattern and type, which is not part of a path.
fn single_colon(part: &[TokenTree]) -> Option<usize> {
    let mut index = 0;
    while index < part.len() {
        if let TokenTree::Punct(colon) = &part[index]
            && colon.as_char() == ':'
        {
            if colon.spacing() == Spacing::Alone {
                return Some(index);
            }
            index += 1;
        }
        index += 1;
    }
    None
}

/// Whether values of a type may have to be dropped; references, raw pointers and plain values do not.
fn has_drop(ty: &[TokenTree]) -> bool {
    const PLAIN: [&str; 17] = [
        "bool", "char", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64",
        "i128", "isize", "f32", "f64", "str",
    ];
    match ty {
        [first, ..] if is_punct(first, '&') || is_punct(first, '*') => false,
        [TokenTree::Ident(name)] => !PLAIN.iter().any(|plain| name == plain),
        _ => true,
    }
}

/// `&mut T`, or `Pin<&mut T>`.
fn is_unique(ty: &[TokenTree]) -> bool {
    let is_reference = |ty: &[TokenTree]| match ty {
        [first, rest @ ..] if is_punct(first, '&') => {
            let lifetime = rest.first().is_some_and(|token| is_punct(token, '\''));
            rest.get(if lifetime { 2 } else { 0 })
                .is_some_and(|token| is_word(token, "mut"))
        }
        _ => false,
    };
    let inner = ty.iter().position(|token| is_punct(token, '<'));
    is_reference(ty)
        || inner.is_some_and(|inner| {
            inner > 0 && is_word(&ty[inner - 1], "Pin") && is_reference(&ty[inner + 1..])
        })
}

impl Passing {
    /// How a body takes its arguments along. `arguments`: those of the attribute.
    pub(super) fn of(
        parameters: &[Parameter],
        block: Block,
        body: &TokenStream,
        arguments: &TokenStream,
    ) -> Self {
        let unique = parameters.iter().filter(|one| one.kind == Kind::Unique);
        let unique = unique.map(|one| one.variable().to_string()).collect();
        let search = Search::of(unique);
        let borrows = !search.is_done() && search.any_in(&looking_back(arguments));
        // A variable that a closure captures has other lints than one of its own. A future would hold it twice.
        let is_changed = |one: &Parameter| one.mutable && block != Block::Async && !borrows;
        let taken = |one: &&Parameter| one.kind == Kind::Owned || is_changed(one);
        let mut owned: Vec<&Parameter> = parameters.iter().filter(taken).collect();
        if owned.is_empty() {
            return Self {
                borrows,
                ..Self::default()
            };
        }
        let is_apart = |one: &Parameter| one.name.is_none() && !one.is_receiver;
        // Attributes name parts of such an argument, so it is taken apart where they are.
        owned.retain(|one| !is_apart(one) || !Search::of(words(&one.pattern)).any_in(arguments));
        // What only an attribute uses, it may have consumed.
        owned.retain(|one| {
            let consumed = one
                .name
                .as_ref()
                .filter(|name| may_consume(arguments, name));
            consumed.is_none_or(|name| Search::of(vec![name.to_string()]).any_in(body))
        });
        let named = owned.iter().filter_map(|one| one.name.as_ref());
        let mut search = Search::of(named.map(Ident::to_string).collect());
        search.look(arguments);
        search.look(body);
        let unused = search.wanted;
        // The compiler warns of a variable that nothing uses, so it has to stay one.
        let has_unused = unused.iter().any(|name| !name.starts_with('_'));
        let is_bound =
            |one: &&Parameter| is_changed(one) || (is_apart(one) && one.pattern.to_string() != "_");
        let in_place = block == Block::InPlace;
        if borrows || in_place || has_unused || owned.iter().any(is_bound) {
            return Self::bind(parameters, &owned, borrows, arguments);
        }
        Self::keep(parameters, &owned, &unused)
    }

    /// The block names every argument, so that it owns each as a whole.
    fn keep(parameters: &[Parameter], owned: &[&Parameter], unused: &[String]) -> Self {
        let mut passing = Self::default();
        let mut replaced = false;
        let mut list = Vec::new();
        for (index, one) in parameters.iter().enumerate() {
            let is_owned = owned.iter().any(|owned| std::ptr::eq(*owned, one));
            let hidden = match &one.name {
                Some(name) => unused
                    .iter()
                    .any(|unused| name == unused)
                    .then(|| hygienic(name)),
                None => (!one.is_receiver).then(|| unnamed(index, &one.pattern)),
            };
            if let (true, Some(name)) = (is_owned, hidden) {
                list.push(one.renamed(&name));
                passing.kept.push(name);
                replaced = true;
                continue;
            }
            list.push(one.as_written());
            if is_owned {
                passing.kept.push(one.variable());
            }
        }
        passing.kept.reverse();
        passing.replaced = replaced.then(|| quote! { #(#list),* });
        passing
    }

    /// The block takes each argument over into a variable of its own.
    fn bind(
        parameters: &[Parameter],
        owned: &[&Parameter],
        borrows: bool,
        arguments: &TokenStream,
    ) -> Self {
        let mut passing = Self {
            borrows,
            ..Self::default()
        };
        let mut list = Vec::new();
        for (index, one) in parameters.iter().enumerate() {
            let is_owned = owned.iter().any(|owned| std::ptr::eq(*owned, one));
            if !is_owned || one.is_receiver {
                list.push(one.as_written());
                if is_owned && !borrows {
                    passing.kept.push(one.variable());
                }
                continue;
            }
            let pattern = &one.pattern;
            let name = match &one.name {
                Some(name) => name.clone(),
                None => unnamed(index, pattern),
            };
            passing.bindings.extend(if one.name.is_some() {
                // An attribute is a use as well, though not of this variable.
                let by_attribute = Search::of(vec![name.to_string()]).any_in(arguments);
                let used = by_attribute.then(|| quote! { let _ = &#name; });
                quote! { let #pattern = #name; #used }
            } else {
                // The rest of what is taken apart is dropped with the variable.
                quote! { let #name = #name; let #pattern = #name; }
            });
            list.push(one.renamed(&name));
        }
        passing.replaced = Some(quote! { #(#list),* });
        passing
    }
}

impl Parameter {
    fn variable(&self) -> Ident {
        match &self.name {
            Some(name) => name.clone(),
            None => Ident::new("self", receiver_span(&self.pattern)),
        }
    }

    fn as_written(&self) -> TokenStream {
        let Self {
            outer, pattern, ty, ..
        } = self;
        quote! { #outer #pattern #ty }
    }

    /// With a plain name in place of its pattern.
    fn renamed(&self, name: &Ident) -> TokenStream {
        let Self { outer, ty, .. } = self;
        quote! { #outer #name #ty }
    }
}

fn receiver_span(pattern: &TokenStream) -> Span {
    let last = pattern.clone().into_iter().last();
    last.map_or_else(Span::call_site, |token| token.span())
}

/// The same name, as nobody else can use it: a lint of names that start with `_` looks at uses of the user's.
fn hygienic(name: &Ident) -> Ident {
    Ident::new(
        &name.to_string(),
        Span::mixed_site().located_at(name.span()),
    )
}

/// A name for an argument that has none.
fn unnamed(index: usize, pattern: &TokenStream) -> Ident {
    let first = pattern.clone().into_iter().next();
    let span = first.map_or_else(Span::call_site, |token| token.span());
    quote::format_ident!(
        "__argument_{index}",
        span = Span::mixed_site().located_at(span)
    )
}

/// Whether an attribute may consume a variable: in a call, or by a method. `= name`, `= &name` and `= &name.field` do
/// not.
fn may_consume(arguments: &TokenStream, name: &Ident) -> bool {
    fn nested(tokens: TokenStream, name: &Ident) -> bool {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        tokens.iter().enumerate().any(|(index, token)| match token {
            TokenTree::Group(group) => nested(group.stream(), name),
            TokenTree::Ident(ident) if ident == name => {
                let before = index.checked_sub(1).map(|before| &tokens[before]);
                !before.is_some_and(|before| is_punct(before, '&')) || is_called(&tokens[index..])
            }
            _ => false,
        })
    }
    let tokens: Vec<TokenTree> = arguments.clone().into_iter().collect();
    tokens.iter().enumerate().any(|(index, token)| match token {
        TokenTree::Group(group) => nested(group.stream(), name),
        TokenTree::Ident(ident) => ident == name && is_called(&tokens[index..]),
        _ => false,
    })
}

/// Whether a variable at the start of tokens, or a field of it, is the receiver of a method.
fn is_called(tokens: &[TokenTree]) -> bool {
    let path = tokens.iter().skip(1);
    let path = path.take_while(|token| {
        matches!(token, TokenTree::Ident(_)) || is_punct(token, '.') || is_punct(token, ':')
    });
    let end = path.count() + 1;
    end > 1
        && matches!(tokens.get(end), Some(TokenTree::Group(group))
            if group.delimiter() == Delimiter::Parenthesis)
}

/// The words of a pattern that may be variables.
fn words(pattern: &TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    for token in pattern.clone() {
        match token {
            TokenTree::Ident(ident) => {
                let word = ident.to_string();
                if !matches!(word.as_str(), "_" | "mut" | "ref") {
                    found.push(word);
                }
            }
            TokenTree::Group(group) => found.extend(words(&group.stream())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    found
}

/// A search for variables among tokens: as words, as shorthands (`order.id` for `order_id`), or in format strings.
pub(super) struct Search {
    wanted: Vec<String>,
    found: usize,
}

impl Search {
    pub(super) fn of(wanted: Vec<String>) -> Self {
        Self { wanted, found: 0 }
    }

    pub(super) fn is_done(&self) -> bool {
        self.wanted.is_empty()
    }

    /// Whether any of the variables is among tokens.
    pub(super) fn any_in(mut self, tokens: &TokenStream) -> bool {
        self.look(tokens);
        self.found > 0
    }

    /// Crosses off what is found, until nothing is left.
    pub(super) fn look(&mut self, tokens: &TokenStream) {
        let mut dotted = String::new();
        for token in tokens.clone() {
            if self.is_done() {
                return;
            }
            match token {
                TokenTree::Ident(ident) => {
                    let word = ident.to_string();
                    self.cross_off(|wanted| wanted == word);
                    if dotted.len() > 1 && dotted.ends_with('_') {
                        dotted.push_str(&word);
                        self.cross_off(|wanted| wanted == dotted);
                    } else {
                        dotted = word;
                    }
                }
                TokenTree::Punct(punct) if punct.as_char() == '.' => dotted.push('_'),
                TokenTree::Punct(_) => dotted.clear(),
                TokenTree::Group(group) => {
                    dotted.clear();
                    self.look(&group.stream());
                }
                TokenTree::Literal(literal) => {
                    dotted.clear();
                    let text = literal.to_string();
                    if text.contains('{') {
                        self.cross_off(|wanted| text.contains(wanted));
                    }
                }
            }
        }
    }

    fn cross_off(&mut self, is_found: impl Fn(&str) -> bool) {
        let before = self.wanted.len();
        self.wanted.retain(|wanted| !is_found(wanted));
        self.found += before - self.wanted.len();
    }
}

/// The tokens of `ok(…)` and `err(…)`, which are evaluated after the body.
fn looking_back(arguments: &TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = arguments.clone().into_iter().collect();
    let groups = tokens.windows(2).filter_map(|pair| match pair {
        [TokenTree::Ident(word), TokenTree::Group(group)]
            if (word == "ok" || word == "err") && group.delimiter() == Delimiter::Parenthesis =>
        {
            Some(group.stream())
        }
        _ => None,
    });
    groups.collect()
}

/// The group of parameters among the tokens of a signature: the first after the name and its generics.
pub(super) fn position(head: &[TokenTree]) -> Option<usize> {
    let name = head.iter().position(|token| is_word(token, "fn"))? + 1;
    let mut depth = 0_u32;
    for (index, token) in head.iter().enumerate().skip(name + 1) {
        if is_punct(token, '<') {
            depth += 1;
        } else if is_punct(token, '>') && !is_arrow(head, index) {
            depth = depth.saturating_sub(1);
        } else if let TokenTree::Group(group) = token
            && depth == 0
            && group.delimiter() == Delimiter::Parenthesis
        {
            return Some(index);
        }
    }
    None
}

/// The signature with other parameters.
pub(super) fn replace(head: &[TokenTree], parameters: TokenStream) -> TokenStream {
    let Some(index) = position(head) else {
        return head.iter().cloned().collect();
    };
    let mut head = head.to_vec();
    let mut group = Group::new(Delimiter::Parenthesis, parameters);
    group.set_span(head[index].span());
    head[index] = TokenTree::Group(group);
    head.into_iter().collect()
}

impl Passing {
    /// What the second stage is told: whether the block borrows, the names it keeps, and its bindings.
    pub(super) fn to_tokens(&self) -> TokenStream {
        let kept = &self.kept;
        let bindings = &self.bindings;
        let borrows = self
            .borrows
            .then(|| Ident::new("borrows", Span::call_site()));
        quote! { (#borrows) (#(#kept)*) { #bindings } }.into_token_stream()
    }
}
