package cas

// redirectEduConnect is a portal whose address leads to EduConnect at once.
var redirectEduConnect = engine{eduConnect: true, expects: eduConnectForm, readers: withEduConnect()}
